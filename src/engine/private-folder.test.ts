import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openEventLog } from './event-log.ts'
import { writeKnownServers } from './known-servers.ts'
import { closePrivateFolder, makePrivateFolder } from './private-folder.ts'
import { writeSeenStackState } from './seen-stack-state.ts'
import { loadStackKey } from './stack-key.ts'

let folder: string
let state: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trimaran-private-'))
  state = join(folder, '.trimaran')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const modeOf = async (...path: readonly string[]): Promise<string> =>
  ((await stat(join(state, ...path))).mode & 0o777).toString(8)

it.each<readonly [string, (state: string) => Promise<unknown>]>([
  ['itself', makePrivateFolder],
  ['the key', async (path) => (await loadStackKey(path, 'shop')).keep()],
  ['known servers', (path) => writeKnownServers(path, 'production', [])],
  ['numbers of stack states', (path) => writeSeenStackState(path, 'production', {})],
  ['an event log', async (path) => (await openEventLog(path, 'up')).close(true)],
])('is made for the operator alone, and ignores itself in git, by whatever is kept first: %s', async (_, make) => {
  await make(state)
  expect(await modeOf()).toBe('700')
  expect(await readFile(join(state, '.gitignore'), 'utf8')).toBe('*\n')
})

it('is closed where an earlier version, or somebody else, made it; what is in it, too, but for the key', async () => {
  await mkdir(join(state, 'events'), { recursive: true })
  await writeFile(join(state, 'events', 'old.jsonl'), '')
  await writeFile(join(state, 'key'), 'x'.repeat(40))
  for (const [path, mode] of [
    ['events/old.jsonl', 0o644],
    ['key', 0o644],
    ['events', 0o755],
    ['.', 0o755],
  ] as const)
    await chmod(join(state, path), mode)
  await closePrivateFolder(state)
  expect(await Promise.all([modeOf(), modeOf('events'), modeOf('events', 'old.jsonl'), modeOf('.gitignore')])).toEqual([
    '700',
    '700',
    '600',
    '600',
  ])
  await expect(loadStackKey(state, 'shop')).rejects.toMatchObject({
    code: 'TRI-KEY-001',
    facts: { next: expect.stringContaining(`chmod 600 ${join(state, 'key')}\n`) },
  })
  await chmod(join(state, 'key'), 0o600)
  await expect(loadStackKey(state, 'shop')).resolves.toBeDefined()
})

it('is not made by who only looks', async () => {
  await closePrivateFolder(state)
  await expect(stat(state)).rejects.toThrow('ENOENT')
})

it('keeps an event log without secrets and control characters, readable by the operator alone', async () => {
  const { secrets } = await loadStackKey(state, 'shop')
  const log = await openEventLog(state, 'deploy')
  const url = `postgres://app:${secrets('postgres-app')}@127.0.0.1/app`
  log.write({ type: 'note', level: 'info', text: `DATABASE_URL=${url}\u009B2J` })
  await log.close(true)
  const [file = ''] = await readdir(join(state, 'events'))
  const text = await readFile(join(state, 'events', file), 'utf8')
  expect(text).toContain(String.raw`DATABASE_URL=postgres://app:***@127.0.0.1/app\u009b2J`)
  expect(await modeOf('events', file)).toBe('600')
})
