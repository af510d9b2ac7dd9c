import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { EventBody } from '../events/event.ts'
import type { Step } from '../resources/resource.ts'
import { sh } from '../shell/sh.ts'
import { createBashTransport } from '../transport/testing/bash-transport.ts'
import { applyPlan } from './apply-plan.ts'
import { auditEntry } from './apply-script.ts'

const nine = nineServers([])

/** In a real bash, as root, like the apply script that waits for what callers say. */
describe.skipIf(process.getuid?.() !== 0)('a step that callers are asked about', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(homedir(), '.trimaran-apply-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  /** Each web server says these words. */
  async function switchSlot(answers: Readonly<Record<'web-1' | 'web-2', string>>) {
    const heard: EventBody[] = []
    const transport = createBashTransport(root)
    const step: Step = {
      kind: 'slots',
      name: 'app',
      action: 'switch slot',
      reason: '',
      disturbs: 'reload',
      apply: sh`touch ${join(root, 'both')}`,
      look: { callers: ['web-1', 'web-2'], ask: sh`true` },
      conclude: sh`touch ${join(root, 'new')}`,
      rollBack: sh`rm -f ${join(root, 'both')}`,
    }
    const result = await applyPlan(
      {
        stack: 'shop',
        waves: [
          {
            title: 'app-1',
            changes: [
              {
                server: serverNamed(nine, 'app-1'),
                changes: [{ component: 'app', steps: [step] }],
                isNew: false,
                disturbs: 'reload',
                manifest: [],
                adopts: [],
              },
            ],
          },
        ],
        unreachable: [],
        refusals: [],
        warnings: [],
      },
      {
        connect: async ({ name }) => {
          const connection = await transport.connect({ name, destination: name })
          const said = Object.entries(answers).find(([caller]) => caller === name)?.[1]
          return said === undefined
            ? connection
            : { ...connection, run: () => Promise.resolve({ code: 0, stdout: said, stderr: '' }) }
        },
        servers: nine.servers,
        payload: () => Promise.reject(new Error('none')),
        audit: auditEntry({ operator: 'ana', command: 'deploy', stack: 'shop' }),
        emit: (event) => void heard.push(event),
      },
    )
    const notes = heard.flatMap((event) => (event.type === 'note' ? [event.text] : []))
    const there = ['both', 'new'].filter((name) => existsSync(join(root, name)))
    return { ok: result.ok, why: result.failures[0]?.output, there, notes }
  }

  it('is concluded once they say yes', async () => {
    expect(await switchSlot({ 'web-1': 'yes\n', 'web-2': 'absent it is not set up yet\n' })).toEqual({
      ok: true,
      why: undefined,
      there: ['both', 'new'],
      notes: [],
    })
  })

  it('is rolled back where one objects, in its words', async () => {
    const { ok, why, there } = await switchSlot({ 'web-1': 'yes\n', 'web-2': 'no GET /up on port 3100: curl: (28)\n' })
    expect({ ok, why, there }).toEqual({ ok: false, why: 'web-2: GET /up on port 3100: curl: (28)', there: [] })
  })

  it('goes on where nobody can judge, and says so', async () => {
    const { ok, there, notes } = await switchSlot({ 'web-1': 'absent its own trouble\n', 'web-2': 'nonsense\n' })
    expect({ ok, there }).toEqual({ ok: true, there: ['both', 'new'] })
    expect(notes).toEqual([
      'no caller of app-1 could say whether it reaches it\nweb-1: its own trouble\nweb-2: gave no answer that can be read',
    ])
  })
})
