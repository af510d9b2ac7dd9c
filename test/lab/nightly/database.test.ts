import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serverFiles } from '../../../src/lab/paths.ts'
import { kill, cutPower } from '../../database/support/faults.ts'
import { isWhole } from '../../database/support/run-case.ts'
import { makeTier, openTier, type Tier } from '../../database/support/tier.ts'
import { startWriter, until } from '../../database/support/writer.ts'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { differencesFromLinks } from '../support/open-ports.ts'

/** The database tier through its life under four writers; `npm run test:database` breaks it in every other way. */
describe.skipIf(!labPossible)(`one database server, three, and one again${whySkipped}`, () => {
  let tier: Tier

  beforeAll(async () => {
    tier = await makeTier('tdblife', 1)
  })
  afterAll(async () => {
    await tier?.remove()
  })

  const resize = async (from: number, to: number): Promise<string> => {
    await tier.project.edit(`database: { servers: ${from}`, `database: { servers: ${to}`)
    const { code, stdout, stderr } = await tier.project.trimaran('up', '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    tier = await openTier(tier.project)
    return stdout
  }
  const postmaster = async (server: string): Promise<string> =>
    (await tier.on(server, 'pgrep -o -x postgres; stat -c %Y /proc/$(pgrep -o -x postgres)')).stdout
  const etcdMembers = async (): Promise<readonly string[]> =>
    (await tier.on('db-1', '. /etc/trimaran/etcd/etcdctl.sh; etcdctl member list | cut -d, -f3')).stdout
      .trim()
      .split('\n')
      .map((name) => name.trim())
      .toSorted()

  it('grows to three under writers, without a restart of the one that serves', async () => {
    const before = await postmaster('db-1')
    const endWriter = await startWriter(tier)
    const told = await resize(1, 3)
    const ledger = await endWriter()
    expect(ledger.lost).toEqual([])
    expect(ledger.errors).toEqual({})
    expect(await postmaster('db-1')).toBe(before)
    expect(told).not.toContain('↺')
    expect(await etcdMembers()).toEqual(['db-1', 'db-2', 'db-3'])
    // A new replica is streaming when `up` ends; that it also confirms commits, Patroni decides a few seconds later.
    await until(() => isWhole(tier), 60, 'not whole')
    expect((await tier.project.trimaran('up', '--lab', '--yes')).stdout).toContain('nothing to do')
  })

  it('loses nothing when PostgreSQL is killed on the primary', async () => {
    const endWriter = await startWriter(tier)
    await sleep(2000)
    await kill(tier, await tier.leader(), 'postgres').strike()
    await sleep(8000)
    await until(() => isWhole(tier), 120, 'not whole again')
    const ledger = await endWriter()
    expect(ledger.lost).toEqual([])
    expect(ledger.longest[0]!.milliseconds).toBeLessThan(15_000)
  })

  it('moves the primary on request, and says for how long writes waited', async () => {
    const from = await tier.leader()
    const endWriter = await startWriter(tier)
    const { code, stdout, stderr } = await tier.project.trimaran('switchover', '--lab', '--yes', '--json')
    expect(code, stderr).toBe(0)
    const done = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
      from: string
      to: string
      pauseMilliseconds: number
    }
    expect(done.from).toBe(from)
    expect(done.pauseMilliseconds).toBeGreaterThan(0)
    expect(await tier.leader()).toBe(done.to)
    expect((await endWriter()).lost).toEqual([])
    expect((await tier.project.trimaran('switchover', done.to, '--lab', '--yes')).stderr).toContain('leads already')
  })

  it('fails no query by a switchover behind a pool, nor when its operator vanishes', async () => {
    await tier.project.edit('database: { servers: 3', "database: { servers: 3, pool: 'transaction'")
    const { code, stdout, stderr } = await tier.project.trimaran('up', '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    await until(() => isWhole(tier), 60, 'not whole')
    const endWriter = await startWriter(tier)
    const moved = await tier.project.trimaran('switchover', '--lab', '--yes')
    expect(moved.code, moved.stderr).toBe(0)
    expect(moved.stdout).toMatch(/queries waited .* in the pool of app servers/)
    await tier.on('app-1', '/usr/local/lib/trimaran/pause/database pause')
    expect((await tier.project.trimaran('status', '--lab')).stdout).toContain('queries wait while the primary moves')
    // An app that waits, too, is not taken for down meanwhile.
    const readiness = `pkill -STOP -u app -f server.js; sleep 3
      for port in 3500 3600; do curl -s -o /dev/null -m 1 -w '%{http_code}\n' "http://127.0.0.1:$port/ready"; done
      pkill -CONT -u app -f server.js`
    expect((await tier.on('app-1', readiness)).stdout).toContain('200')
    await sleep(20_000)
    const ledger = await endWriter()
    expect(ledger.lost).toEqual([])
    expect(ledger.errors).toEqual({})
  })

  it('opens psql on the primary and on a replica, with the exit code of psql', async () => {
    const ask = ['-Atc', 'select pg_is_in_recovery()']
    expect((await tier.project.trimaran('psql', '--lab', '--', ...ask)).stdout.trim()).toBe('f')
    expect((await tier.project.trimaran('psql', '--lab', '--replica', '--', ...ask)).stdout.trim()).toBe('t')
    expect((await tier.project.trimaran('psql', '--lab', '--', '-c', 'select nonsense')).code).toBe(1)
  })

  it('rebuilds a replica whose disk was wiped, with the next up', async () => {
    await until(() => isWhole(tier), 120, 'not whole')
    const leader = await tier.leader()
    const victim = ['db-3', 'db-2'].find((name) => name !== leader)!
    await cutPower(tier, [victim]).strike()
    await rm(serverFiles(tier.project.name, victim).folder, { recursive: true })
    const { code, stdout, stderr } = await tier.project.trimaran('up', '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    await until(() => isWhole(tier), 120, 'not whole again')
    expect(await etcdMembers()).toEqual(['db-1', 'db-2', 'db-3'])
  })

  it("gives a primary's place to a new machine, a dead one's and a living one's", async () => {
    const dead = await tier.leader()
    await cutPower(tier, [dead]).strike()
    await until(async () => ![dead, undefined].includes((await tier.status()).database.leader), 60, 'nobody took over')
    const { code, stdout, stderr } = await tier.project.trimaran('replace', dead, '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    await until(() => isWhole(tier), 120, 'not whole with a new machine')
    const endWriter = await startWriter(tier)
    const living = await tier.leader()
    const said = await tier.project.trimaran('replace', living, '--lab', '--yes')
    expect(said.code, said.stdout + said.stderr).toBe(0)
    await until(() => isWhole(tier), 120, 'not whole with another new machine')
    expect((await endWriter()).lost).toEqual([])
    expect(await etcdMembers()).toEqual(['db-1', 'db-2', 'db-3'])
  }, 600_000)

  it('shrinks to two with an etcd member on a balancer, and to one, under writers, although the primary is one that leaves', async () => {
    if ((await tier.leader()) !== 'db-3') await tier.project.trimaran('switchover', 'db-3', '--lab', '--yes')
    const endWriter = await startWriter(tier)
    expect(await resize(3, 2)).toContain('hand over patroni.service')
    expect(await etcdMembers()).toEqual(['db-1', 'db-2', 'lb-1'])
    expect(await differencesFromLinks(tier.project)).toEqual([])
    await until(() => isWhole(tier), 60, 'not whole')
    await resize(2, 1)
    const ledger = await endWriter()
    expect(ledger.lost).toEqual([])
    expect(ledger.errors).toEqual({})
    expect(await etcdMembers()).toEqual(['db-1'])
    expect(await differencesFromLinks(tier.project)).toEqual([])
    expect((await tier.project.trimaran('up', '--lab', '--yes')).stdout).toContain('nothing to do')
  })
})
