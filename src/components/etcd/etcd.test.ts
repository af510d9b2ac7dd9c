import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { readEtcd } from './health.ts'
import { paths } from './paths.ts'
import { callerFiles, etcd } from './index.ts'

const five = fiveServers([etcd])
const nine = nineServers([etcd])

const filesOf = (stack: typeof five, name: string): readonly File[] =>
  etcd.render(contextFor(stack, name)).filter((resource): resource is File => resource.kind === 'file')

/** All files of one server as one text, each under its path; but for certificates, which nobody can read, and programs. */
const told = (files: readonly File[]): string =>
  files
    .filter(({ path }) => !/\.(?:crt|key)$|^\/usr\/local\/lib\//.test(path))
    .map(({ path, content }) => `---------- ${path}\n${content}`)
    .join('\n')

describe('etcd', () => {
  it('renders a single member, and one of three', async () => {
    await expect(told(filesOf(five, 'db-1'))).toMatchFileSnapshot('goldens/five-db-1.cfg')
    await expect(told(filesOf(nine, 'db-2'))).toMatchFileSnapshot('goldens/nine-db-2.cfg')
  })

  it('is told nothing when members join: what a running member reads names no neighbour', () => {
    const heeded = (stack: typeof five) => filesOf(stack, 'db-1').filter(({ onChange }) => onChange !== undefined)
    expect(heeded(nine)).toEqual(heeded(five))
  })

  it('shows a certificate for its own addresses, and lets in nobody without one, over loopback neither', () => {
    const { address } = serverNamed(nine, 'db-2')
    const text = (path: string): string => filesOf(nine, 'db-2').find((file) => file.path.endsWith(path))!.content
    const read = (path: string): X509Certificate => new X509Certificate(text(path))
    expect(read('/server.crt').subjectAltName).toBe(`IP Address:${address}, IP Address:127.0.0.1`)
    expect(read('/server.crt').checkIssued(read('/clients-ca.crt'))).toBe(true)
    expect(read('/peer.crt').subjectAltName).toBe(`IP Address:${address}`)
    expect(read('/peer.crt').checkIssued(read('/peers-ca.crt'))).toBe(true)
    const settings = text('/etc/default/etcd')
    expect(settings).toContain('ETCD_CLIENT_CERT_AUTH=true')
    expect(settings).toContain('ETCD_PEER_CLIENT_CERT_AUTH=true')
    expect(settings.match(/http:\S+/g)).toEqual(['http://127.0.0.1:2381'])
  })

  it('keeps its keys from all but its own user, who cannot write them', () => {
    const keys = filesOf(nine, 'db-2').filter(({ content }) => content.includes('PRIVATE KEY'))
    expect(keys.map(({ path }) => path)).toEqual(['/etc/trimaran/etcd/server.key', '/etc/trimaran/etcd/peer.key'])
    for (const key of keys) expect(key).toMatchObject({ owner: 'root', group: 'etcd', mode: '0640', secret: true })
  })

  it('lets Patroni be a client, and not a member', () => {
    const context = contextFor(nine, 'db-2')
    const asked = new X509Certificate(
      callerFiles(context, { name: 'patroni', group: 'postgres', paths: paths.own })[1].content,
    )
    const authorityAt = (path: string) =>
      new X509Certificate(filesOf(nine, 'db-2').find((file) => file.path.endsWith(path))!.content)
    expect(asked.checkIssued(authorityAt('/clients-ca.crt'))).toBe(true)
    expect(asked.verify(authorityAt('/peers-ca.crt').publicKey)).toBe(false)
    expect(asked.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  })

  it('belongs on database servers alone', () => {
    const hosts = nine.servers.filter((server) => etcd.belongsOn(server, nine)).map(({ name }) => name)
    expect(hosts).toEqual(['db-1', 'db-2', 'db-3'])
  })

  it('explains what is true of this stack', () => {
    expect(etcd.explain(serverNamed(five, 'db-1'), five).brings.isolation).toContain('Patroni has the only one')
    expect(etcd.explain(serverNamed(nine, 'db-1'), nine).brings.isolation).toContain(
      'Patroni, the observers and the other',
    )
    expect(etcd.explain(serverNamed(five, 'db-1'), five).brings.redundancy).toContain('None yet')
    expect(etcd.explain(serverNamed(nine, 'db-1'), nine).brings.redundancy).toContain('1 of 3 etcd members may fail')
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
