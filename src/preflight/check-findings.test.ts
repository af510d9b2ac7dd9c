import { describe, expect, it } from 'vitest'
import { labContainer } from '../lab/index.ts'
import { readHost } from '../observation/read-host.ts'
import type { Observation } from '../observation/observation.ts'
import { type Captured, captured } from '../observation/testing/captured.ts'
import { reportServer } from './report-server.ts'
import type { Stack } from '../stack/stack.ts'
import type { Finding, ServerReport } from './finding.ts'
import { standIns } from '../explain/testing/components.ts'
import { five, labStack, nine, siteStack } from '../components/testing/stacks.ts'
import { plainStyle } from '../explain/text.ts'
import { checkFindings } from './check-findings.ts'
import { renderFindings } from './render-findings.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const kilobyteOf = (megabytes: number): string => String(megabytes * 1024)
const small = labStack(standIns, five)
const safe = labStack(standIns, nine)

/** What a server says otherwise than the one that was captured, by the word before it; several lines where it says several. */
type Said = Readonly<Record<string, readonly string[]>>
interface Told {
  /** Which of the captured servers it is; a virtual machine unless stated. */
  readonly is?: Captured
  readonly said?: Said
  /** What Trimaran placed there. */
  readonly placed?: Partial<Observation>
  readonly clockOffsetSeconds?: number
}

function reportOf(
  stack: Stack,
  name: string,
  { is = 'lab-server', said = {}, placed, clockOffsetSeconds = 0.1 }: Told,
) {
  const { address } = stack.servers.find((server) => server.name === name)!
  const own = { address: ['lo\t127.0.0.1/8', `eth0\t${address}/24`], port: ['0.0.0.0:22\tsshd\tssh.service'] }
  const host = readHost(sayInstead(captured(is), { ...own, ...said }), address, (what, words) => {
    throw new Error(`a doubt of ${what}: ${words}`)
  })
  if ('refused' in host) throw new Error(host.refused)
  const answer = { host, resources: new Map(), health: new Map(), manifest: [], ...placed }
  const from = host.clockSeconds - clockOffsetSeconds
  return reportServer(name, answer, { during: { fromSeconds: from, toSeconds: from }, keyFingerprint: 'ours' })
}

const sayInstead = (answer: string, said: Said): string =>
  [
    ...answer.split('\n').filter((line) => !Object.hasOwn(said, line.split('\t')[0]!)),
    ...Object.entries(said).flatMap(([word, lines]) => lines.map((line) => `${word}\t${line}`)),
  ].join('\n')

const reportsOf = (stack: Stack, others: Readonly<Record<string, Told | string>> = {}): readonly ServerReport[] =>
  stack.servers.map(({ name }) => {
    const other = others[name]
    if (typeof other === 'string') return { server: name, reachable: false, why: other }
    return reportOf(stack, name, other ?? {})
  })

/** As in a lab, whose servers are containers by nature. */
const check = (stack: Stack, others: Parameters<typeof reportsOf>[1] = {}): readonly Finding[] =>
  checkFindings(stack, standIns, reportsOf(stack, others), { container: labContainer })

const render = (findings: readonly Finding[]): string =>
  `${renderFindings(findings, { width: 80, style: plainStyle })}\n`

const apache = { port: ['*:80\tapache2\tapache2.service'] }
const nginxThere = { port: ['0.0.0.0:80\tnginx\tnginx.service'] }

const rows: readonly (readonly [title: string, state: Told | string, ...found: readonly string[]])[] = [
  ['out of reach', 'Connection timed out', 'problem web-1: unreachable'],
  ['Debian 12', { said: { os: ['debian\t12\t'] } }, 'problem web-1: debian 12, and Trimaran needs Debian 13'],
  [
    'another system',
    { said: { os: ['ubuntu\t24.04\t'] } },
    'problem web-1: ubuntu 24.04, and Trimaran needs Debian 13',
  ],
  ['a rare architecture', { said: { architecture: ['riscv64'] } }, 'warning web-1: an untested architecture, riscv64'],
  [
    'little memory',
    { said: { memory: [kilobyteOf(399)] } },
    'problem web-1: 399 MB of memory, and 400 MB is the least',
  ],
  ['a small disk', { said: { disk: [kilobyteOf(1200)] } }, 'warning web-1: only 1.2 GB of disk are free'],
  ['a full disk', { said: { disk: [kilobyteOf(300)] } }, 'problem web-1: only 300 MB of disk are free'],
  [
    'a clock ahead',
    { clockOffsetSeconds: 62.1 },
    'warning web-1: the clock is 62.0 s ahead of that of most other servers',
  ],
  ['another stack', { placed: { stack: 'shop' } }, 'problem web-1: belongs to another stack already, shop'],
  [
    'another key',
    { placed: { stack: small.name, keyFingerprint: 'theirs' } },
    'problem web-1: set up with another stack key than the one here',
  ],
  ['a container', { is: 'lxc' }, 'warning web-1: a container (lxc), not a separate machine'],
  [
    'a container of another kind, with an older system',
    { is: 'docker' },
    'problem web-1: Debian GNU/Linux 12 (bookworm), and Trimaran needs Debian 13',
    'warning web-1: a container (docker), not a separate machine',
  ],
  [
    'what does not say what it is',
    { said: { container: [''] } },
    'warning web-1: whether it is a container is unknown',
  ],
  [
    'a port in use',
    { said: apache },
    'problem web-1: port 80, which nginx needs, is in use by apache2 (apache2.service)',
  ],
  [
    'a port in use on one address alone',
    { said: { port: ['127.0.0.1:80\tapache2\tapache2.service'] } },
    'problem web-1: port 80, which nginx needs, is in use by apache2 (apache2.service)',
  ],
  [
    'the same software, set up by someone else',
    { said: nginxThere },
    'problem web-1: port 80, which nginx needs, is in use by nginx (nginx.service)',
  ],
]

const headlines = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, server, what }) => `${level} ${server}: ${what}`)

describe('checkFindings', () => {
  it.each(rows)('finds %s', (_title, state, ...found) => {
    expect(headlines(check(safe, { 'web-1': state }))).toEqual(found)
  })

  it('says of Debian 12 why it is refused', () => {
    const [finding] = check(safe, { 'db-1': { is: 'docker' } })
    expect(finding?.why).toContain('Patroni 3.0.2 loses acknowledged writes')
  })

  it.each([
    [
      'a port that its own unit holds',
      { said: nginxThere, placed: { manifest: manifestFrom('nginx unit nginx.service') } },
    ],
    ['a port that is held over IPv6 alone', { said: { port: ['[::1]:80\tx\tx.service'] } }],
    ['a server of this very stack', { placed: { stack: 'guestbook', keyFingerprint: 'ours' } }],
    ['a lab server', { is: 'lab-server' }],
  ] as const)('is content with %s', (_title, state: Told) => {
    expect(headlines(check(safe, { 'web-1': state }))).toEqual([])
  })

  it('warns of the kind of container that a lab has, where there is no lab', () => {
    expect(headlines(checkFindings(safe, standIns, reportsOf(safe)))).toEqual(
      safe.servers.map(({ name }) => `warning ${name}: a container (systemd-nspawn), not a separate machine`),
    )
  })

  it('blames this computer when the clocks of all servers agree with each other', () => {
    const all = Object.fromEntries(safe.servers.map(({ name }) => [name, { clockOffsetSeconds: -30 }]))
    expect(headlines(check(safe, all))).toEqual([
      'warning undefined: The clocks of all servers are 30.0 s behind that of this computer',
    ])
  })

  it('does not expect an address to cross a router', () => {
    const [finding] = check(safe, { 'lb-2': { said: { address: ['eth0\t10.9.0.12/24'] } } })
    expect(finding).toMatchObject({
      level: 'problem',
      server: 'lb-2',
      what: 'the virtual address 198.18.0.10 is not in its network',
    })
    expect(finding?.next).toContain("move: './move-address.sh'")
  })

  const problems = (others: Parameters<typeof reportsOf>[1]): readonly string[] =>
    headlines(check(safe, others)).filter((line) => line.startsWith('problem') || line.includes('virtual'))

  it('knows a virtual address that is a server’s own', () => {
    const address = ['eth0\t198.18.0.31/24', 'eth0\t198.18.0.10/24']
    expect(problems({ 'web-1': { said: { address } } })).toEqual([
      'problem web-1: the virtual address 198.18.0.10 is its own address',
    ])
    const named = {
      ...safe,
      servers: safe.servers.map((one) => (one.name === 'db-1' ? { ...one, address: '198.18.0.10' } : one)),
    }
    expect(headlines(checkFindings(named, standIns, [], {})).filter((line) => line.includes('virtual'))).toEqual([
      'problem db-1: the virtual address 198.18.0.10 is its own address',
    ])
  })

  it('lets the balancer that holds the address have it', () => {
    const address = ['eth0\t198.18.0.11/24', 'eth0\t198.18.0.10/24']
    const placed = { manifest: manifestFrom('keepalived unit keepalived.service') }
    expect(problems({ 'lb-1': { said: { address }, placed } })).toEqual([])
  })

  it('knows a prefix that is not that of the network', () => {
    const address = ['eth0\t198.18.0.12/26']
    expect(problems({ 'lb-2': { said: { address } } })).toEqual([
      'warning lb-2: the virtual address is 198.18.0.10/24, and the network on eth0 is /26',
    ])
  })

  it('knows an address that the server does not have', () => {
    const address = ['lo\t127.0.0.1/8', 'eth0\t10.0.0.7/24']
    expect(problems({ 'app-1': { said: { address } } })).toEqual([
      'problem app-1: it does not have the address 198.18.0.111',
    ])
  })

  it('never says to stop what lets the operator in', () => {
    const next = (port: string): string | undefined =>
      check(safe, { 'web-1': { said: { port: [port] } } }).find(({ level }) => level === 'problem')?.next
    for (const port of ['0.0.0.0:80\tsshd\tssh.service', '*:80\tsshd\t', '*:80\tsystemd\tssh.socket'])
      expect(next(port)).toMatch(/^move SSH to another port/)
    expect(next('*:80\tsystemd\t')).toMatch(/list-sockets/)
    expect(next('*:80\tapache2\tapache2.service')).toBe('`systemctl disable --now apache2.service` there')
  })

  describe('asks who answers at the virtual address', () => {
    const at = (address: string, last: number) => `${address}\t02:00:00:00:00:0${last}`
    const peer = at('198.18.0.12', 2)
    const found = (...neighbour: readonly string[]) =>
      headlines(check(safe, { 'lb-1': { said: { neighbour } } })).filter((line) => line.startsWith('problem'))

    it('another machine: refused, since there would be two', () => {
      expect(found(at('198.18.0.10', 9), peer)).toEqual([
        'problem lb-1: the virtual address 198.18.0.10 is in use: another machine answers there',
      ])
    })

    it('the other balancer, or nobody: as it should be', () => {
      expect(found(at('198.18.0.10', 2), peer)).toEqual([])
      expect(found(peer)).toEqual([])
    })
  })

  it('is content with any interface that is in the network of the virtual address', () => {
    const address = ['eth0\t10.9.0.12/24', 'eth1\t198.18.0.12/24']
    expect(check(safe, { 'lb-2': { said: { address } } }).filter(({ level }) => level === 'problem')).toEqual([])
  })
})

describe('renderFindings', () => {
  it.each([
    ['five-sound', check(small)],
    ['nine-sound', check(safe)],
    [
      'nine-out-of-reach',
      check(safe, Object.fromEntries(safe.servers.map(({ name }) => [name, 'Connection timed out after 10 s']))),
    ],
    ['troubled', troubled()],
  ])('reads well: %s', async (name, findings) => {
    await expect(render(findings)).toMatchFileSnapshot(`goldens/check-${name}.txt`)
  })

  it('fits into 80 columns', () => {
    expect(
      render(troubled())
        .split('\n')
        .filter(({ length }) => length > 80),
    ).toEqual([])
  })
})

/** Named servers with a bit of everything that goes wrong on a first day. */
function troubled(): readonly Finding[] {
  const stack = siteStack(
    standIns,
    {
      balancer: [
        { ssh: 'lb-a.example.com', address: '10.0.1.11' },
        { ssh: 'lb-b.example.com', address: '10.0.1.140' },
      ],
      web: [
        { ssh: 'root@web-a.example.com', address: '10.0.0.21' },
        { ssh: 'web-b.example.com', address: '10.0.0.22' },
      ],
      app: ['app-a.example.com', 'app-b.example.com'],
      database: [
        { ssh: 'db-a.example.com', address: '10.0.0.41' },
        { ssh: 'db-b.example.com', address: '10.0.0.42' },
      ],
    },
    '10.0.1.10/25',
    { 'app-1': '10.0.0.31', 'app-2': '10.0.0.31' },
  )
  return check(stack, {
    'lb-2': { said: { address: ['ens3\t10.0.1.140/25'] } },
    'web-1': { said: apache },
    'web-2': 'ssh: connect to host web-b.example.com port 22: Connection refused',
    'app-1': { said: { disk: [kilobyteOf(1200)] } },
    'app-2': { said: { disk: [kilobyteOf(1200)] } },
    'db-1': { is: 'docker', clockOffsetSeconds: -83.4 },
    'db-2': { placed: { stack: 'shop' } },
  })
}
