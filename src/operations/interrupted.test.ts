import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TrimaranError } from '../errors/failure.ts'
import { firstStackState } from '../stack/stack-state.ts'
import { deploy } from './deploy.ts'
import { down } from './down.ts'
import { unlessInterrupted } from './interrupted.ts'
import type { Operator } from './operator.ts'
import type { Session } from './session/session.ts'
import { changesOf, failureOf, imagineProject, sayState } from './testing/projects.ts'
import { up } from './up.ts'

type Stopping = Pick<Operator, 'emit' | 'signal'> & { readonly confirm: () => boolean }
type Interruptible = (session: Session, operator: Stopping) => Promise<unknown>

const operations: Readonly<Record<string, Interruptible>> = {
  deploy: (session, operator) => deploy(session, {}, operator),
  down: (session, operator) => down(session, operator),
}

const before = '20261122-120000'

/** Interrupts an operation at its first event of a type, or when it is asked for, and gives all that it told. */
async function interruptAt(moment: string, operation: Interruptible) {
  const project = await imagineProject()
  const session = await project.open()
  sayState(session, project.servers, firstStackState(before))
  const stop = new AbortController()
  const heard = new Set<string>()
  const hear = (type: string): void => {
    heard.add(type)
    if (type === moment) stop.abort()
  }
  const operator: Stopping = {
    emit: ({ type }) => hear(type),
    confirm: () => {
      hear('asked')
      return true
    },
    signal: stop.signal,
  }
  const error: unknown = await operation(session, operator).catch((thrown: unknown) => thrown)
  return { error, heard }
}

it.each(Object.entries(operations))(
  '%s ends in words wherever it is interrupted',
  { timeout: 60_000 },
  async (_verb, operation) => {
    const codes: string[] = []
    const { heard: moments } = await interruptAt('never', operation)
    for (const moment of moments) {
      const { error } = await interruptAt(moment, operation)
      if (!(error instanceof Error)) continue
      expect(error, moment).toBeInstanceOf(TrimaranError)
      codes.push((error as TrimaranError).code)
    }
    expect(codes.filter((code) => !['TRI-STOP-001', 'TRI-DEPLOY-001'].includes(code))).toEqual([])
    expect(codes).toContain('TRI-STOP-001')
  },
)

it('a build that is interrupted changes no server, and the hook hears of it', async () => {
  const project = await imagineProject()
  const text = await project.configText()
  const slow = text
    .replace("source: '.',", "source: '.', build: 'echo begun; sleep 30',")
    .replace(/\}\n$/, `  hooks: { afterDeploy: 'echo $TRIMARAN_OUTCOME > outcome' },\n}\n`)
  await writeFile(join(project.folder, 'trimaran.config.ts'), slow)
  const session = await project.open()
  sayState(session, project.servers, firstStackState(before))
  const stop = new AbortController()
  const emit: Operator['emit'] = (event) => {
    if (event.type === 'stage' && event.detail === 'begun') stop.abort()
  }
  const startedAt = performance.now()
  const { code, facts } = await failureOf(deploy(session, {}, { emit, confirm: () => true, signal: stop.signal }))
  expect([code, facts.state]).toEqual(['TRI-STOP-001', 'no server was changed'])
  expect(performance.now() - startedAt).toBeLessThan(20_000)
  for (const name of ['lb-1', 'web-1', 'app-1', 'db-1']) expect(changesOf(project.servers, name)).toEqual([])
  expect(await readFile(join(project.folder, 'outcome'), 'utf8')).toBe('failed\n')
})

it('servers that had not begun get the state of the others, so that nothing is left to do', async () => {
  const project = await imagineProject()
  const session = await project.open()
  sayState(session, project.servers, firstStackState(before))
  const stop = new AbortController()
  const emit: Operator['emit'] = (event) => {
    if (event.type === 'note' && event.text.startsWith('sending')) stop.abort()
  }
  const { code } = await failureOf(deploy(session, {}, { emit, confirm: () => true, signal: stop.signal }))
  expect(code).toBe('TRI-DEPLOY-001')
  const wrote = (server: string): boolean =>
    project.servers.server(server).scripts.some((script) => script.includes('state.json.new'))
  expect(['lb-1', 'web-1', 'app-1', 'db-1'].map(wrote)).toEqual([true, true, true, true])
})

it('one that waits for the lock of another operator waits no longer', async () => {
  const project = await imagineProject()
  const session = await project.open()
  const stop = new AbortController()
  const connect: Session['connect'] = async (server) => {
    const connection = await session.connect(server)
    return {
      ...connection,
      follow: async (_script, _onLine, signal) => {
        setTimeout(() => stop.abort(), 50)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      },
    }
  }
  const operator: Operator = { emit: () => {}, confirm: () => true, signal: stop.signal, waitSeconds: 3600 }
  const { code, facts } = await failureOf(up({ ...session, connect }, operator))
  expect([code, facts.state]).toEqual(['TRI-STOP-001', 'no server was changed'])
  expect(changesOf(project.servers, 'web-1')).toEqual([])
})

it('a program that Ctrl-C ended at the same time is no defect, and what else fails then is one', async () => {
  const { signal } = { signal: AbortSignal.abort() }
  const ended = Object.assign(new Error('Command failed: git rev-parse'), { signal: 'SIGINT' })
  const { code } = await failureOf(unlessInterrupted({ signal }, () => Promise.reject(ended)))
  expect(code).toBe('TRI-STOP-001')
  const defect = new TypeError('it is not a function')
  await expect(unlessInterrupted({ signal }, () => Promise.reject(defect))).rejects.toBe(defect)
  await expect(unlessInterrupted({}, () => Promise.reject(ended))).rejects.toBe(ended)
})
