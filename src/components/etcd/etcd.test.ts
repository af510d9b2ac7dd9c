import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { readEtcd } from './health.ts'
import { etcd } from './index.ts'

const five = fiveServers([etcd])
const nine = nineServers([etcd])

const filesOf = (stack: typeof five, name: string): readonly File[] =>
  etcd.render(contextFor(stack, name)).filter((resource): resource is File => resource.kind === 'file')

/** All files of one server as one text, each under its path. */
const told = (files: readonly File[]): string =>
  files.map(({ path, content }) => `---------- ${path}\n${content}`).join('\n')

describe('etcd', () => {
  it('renders a single vote, and one of three', async () => {
    await expect(told(filesOf(five, 'db-1'))).toMatchFileSnapshot('goldens/five-db-1.cfg')
    await expect(told(filesOf(nine, 'db-2'))).toMatchFileSnapshot('goldens/nine-db-2.cfg')
  })

  it('is told nothing when votes join: what a running member reads names no neighbour', () => {
    const heeded = (stack: typeof five) => filesOf(stack, 'db-1').filter(({ onChange }) => onChange !== undefined)
    expect(heeded(nine)).toEqual(heeded(five))
  })

  it('belongs on database servers alone', () => {
    const hosts = nine.servers.filter((server) => etcd.belongsOn(server, nine)).map(({ name }) => name)
    expect(hosts).toEqual(['db-1', 'db-2', 'db-3'])
  })

  it('explains what is true of this stack', () => {
    expect(etcd.explain(serverNamed(five, 'db-1'), five).brings.redundancy).toContain('None yet')
    expect(etcd.explain(serverNamed(nine, 'db-1'), nine).brings.redundancy).toContain('1 of 3 votes may be missing')
  })
})

const answer = (figures: { leader: number; peers: readonly number[]; health?: string }): string => `unit\tactive
${figures.health ?? '{"health":"true","reason":""}'}
etcd_mvcc_db_total_size_in_bytes 36864
${figures.peers.map((up, position) => `etcd_network_active_peers{Local="a0",Remote="b${position}"} ${up}`).join('\n')}
etcd_server_has_leader ${figures.leader}
etcd_server_is_leader 0
`

describe('the health of etcd', () => {
  const read = (text: string) => readEtcd(text, serverNamed(nine, 'db-2'), nine)

  it('is well with a leader', () => {
    expect(read(answer({ leader: 1, peers: [1, 1] }))).toEqual({
      state: 'well',
      details: {
        members: 3,
        reachableMembers: 3,
        hasLeader: true,
        isLeader: false,
        serves: true,
        databaseBytes: 36864,
      },
    })
  })

  it('is degraded without a majority, and says what it waits for', () => {
    const health = read(answer({ leader: 0, peers: [0, 0], health: '{"health":"false","reason":"RAFT NO LEADER"}' }))
    expect(health.state).toBe('degraded')
    expect(health.note).toContain('2 of 3 members must reach each other')
  })

  it('is degraded when it refuses to serve, with its own reason', () => {
    const health = read(answer({ leader: 1, peers: [1, 1], health: '{"health":"false","reason":"ALARM NOSPACE"}' }))
    expect(health).toMatchObject({ state: 'degraded', details: { hasLeader: true, serves: false } })
    expect(health.note).toContain('ALARM NOSPACE')
  })

  it('is down when it does not answer', () => {
    expect(read('unit\tactivating\n\n')).toMatchObject({ state: 'down' })
    expect(read('')).toMatchObject({ state: 'down' })
  })
})
