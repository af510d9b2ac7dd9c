import { describe, expect, it } from 'vitest'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { Plan, Wave } from '../plan/plan.ts'
import { sh } from '../shell/sh.ts'
import { createMemoryTransport } from '../transport/memory-transport.ts'
import { applyPlan } from './apply-plan.ts'
import { auditEntry } from './apply-script.ts'

const nine = nineServers([])
const wave = (title: string, server: string, more: Partial<Wave> = {}): Wave => ({
  title,
  changes: [
    {
      server: serverNamed(nine, server),
      changes: [
        {
          component: 'x',
          steps: [
            { kind: 'unit', name: title, action: 'check', reason: '', disturbs: 'nothing', apply: sh`: ${title}` },
          ],
        },
      ],
      isNew: false,
      disturbs: 'nothing',
      manifest: [],
      adopts: [],
    },
  ],
  ...more,
})

/** The waves that were walked when the one with this title failed. */
async function walked(waves: readonly Wave[], failing: string): Promise<readonly string[]> {
  const titles: string[] = []
  const transport = createMemoryTransport((script) => {
    const title = waves.find((one) => script.includes(`: ${one.title}\n`))!.title
    titles.push(title)
    return { code: title === failing ? 1 : 0 }
  })
  const plan: Plan = { stack: 'guestbook', waves, unreachable: [], refusals: [], warnings: [] }
  await applyPlan(plan, {
    connect: ({ name }) => transport.connect({ name, destination: name }),
    payload: () => Promise.reject(new Error('none')),
    audit: auditEntry({ operator: 'ana', command: 'up', stack: 'guestbook' }),
    emit: () => {},
  })
  return titles
}

describe('a plan whose wave fails', () => {
  const waves = [
    wave('before', 'db-1'),
    wave('pause', 'app-1'),
    wave('move', 'db-1'),
    wave('resume', 'app-1', { ends: 2 }),
    wave('after', 'db-2'),
  ]

  it.each([
    ['before', ['before']],
    ['pause', ['before', 'pause', 'resume']],
    ['move', ['before', 'pause', 'move', 'resume']],
    ['after', ['before', 'pause', 'move', 'resume', 'after']],
  ])('in “%s” ends what had begun, and nothing else', async (failing, expected) => {
    expect(await walked(waves, failing)).toEqual(expected)
  })
})
