import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { Plan, ServerChange } from '../plan/plan.ts'
import { sh } from '../shell/sh.ts'
import { createMemoryTransport } from '../transport/memory-transport.ts'
import { createBashTransport } from '../transport/testing/bash-transport.ts'
import type { Archive } from './gather-payloads.ts'
import { requireRoom } from './require-room.ts'

const nine = nineServers([])
const megabyte = 1024 ** 2

const change = (server: string): ServerChange => ({
  server: serverNamed(nine, server),
  changes: [
    {
      component: 'app',
      steps: [
        {
          kind: 'tree',
          name: '/srv/app/releases/r1',
          action: 'create',
          reason: '',
          disturbs: 'nothing',
          payload: 'release:r1',
          apply: sh`true`,
        },
      ],
    },
  ],
  isNew: false,
  disturbs: 'nothing',
  manifest: [],
  adopts: [],
})
const plan: Plan = {
  stack: 'shop',
  waves: [{ title: 'preparation', changes: [change('app-1'), change('app-2')] }],
  unreachable: [],
  refusals: [],
  warnings: [],
}

/** An archive of a megabyte that unpacks to so many bytes and names. */
async function archiveOf(bytes: number, entries = 10): Promise<ReadonlyMap<string, Archive>> {
  const folder = await mkdtemp(join(tmpdir(), 'trimaran-room-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'app.tar.gz')
  await writeFile(path, Buffer.alloc(megabyte))
  const contents = {
    bytes,
    entries,
    list: path,
    seconds: 0,
    select: () => Promise.resolve(path),
    forget: () => Promise.resolve(),
  }
  return new Map([['release:r1', { path, contents }]])
}

const where = async (said: Readonly<Record<string, string>>, bytes: number, entries?: number): Promise<unknown> => {
  const transport = createMemoryTransport((_, { server }) => ({ code: 0, stdout: said[server.name] ?? '' }))
  const connect = ({ name }: { readonly name: string }) => transport.connect({ name, destination: name })
  return await requireRoom(plan, { connect, archives: await archiveOf(bytes, entries) })
}
const rows = (...all: readonly (readonly [number, number])[]): string =>
  all.map(([bytes, names]) => ` ${bytes}  ${names}\n`).join('')

it('lets a release go where there is room, or where nobody says', async () => {
  await where({ 'app-1': rows([1000 * megabyte, 1e6], [900 * megabyte, 1e6]), 'app-2': 'what?' }, 500 * megabyte)
})

it('names every server without room, with what it needs, before anything is sent', async () => {
  const said = { 'app-1': rows([9e12, 1e6], [300 * megabyte, 1e6]), 'app-2': rows([9e12, 5000]) }
  await expect(where(said, 500 * megabyte, 8000)).rejects.toMatchObject({
    code: 'TRI-RELEASE-008',
    facts: {
      what: 'There is not enough room for the release on app-1, app-2',
      why: 'app-1: 701 MB are needed, 300 MB are free\napp-2: 9000 inodes are needed, 5000 are free',
      state: 'no server was changed',
    },
  })
})

it('asks a real server, also for folders that are not there yet', async () => {
  const transport = createBashTransport('/no/such/root')
  const connect = ({ name }: { readonly name: string }) => transport.connect({ name, destination: name })
  await requireRoom(plan, { connect, archives: await archiveOf(megabyte) })
  const never = requireRoom(plan, { connect, archives: await archiveOf(1e15) })
  await expect(never).rejects.toMatchObject({ code: 'TRI-RELEASE-008' })
})
