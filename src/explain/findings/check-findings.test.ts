import { describe, expect, it } from 'vitest'
import type { Stack } from '../../stack/stack.ts'
import type { Finding, ServerReport, ServerState } from '../findings.ts'
import { standIns } from '../testing/components.ts'
import { five, labStack, nine, siteStack } from '../testing/stacks.ts'
import { plainStyle } from '../text.ts'
import { checkFindings } from './check-findings.ts'
import { renderFindings } from './render-findings.ts'

const megabyte = 1024 ** 2
const small = labStack(standIns, five)
const safe = labStack(standIns, nine)

/** A server as it should be, apart from what the test is about. */
const sound = (address: string, other: Partial<ServerState> = {}): ServerState => ({
  os: { id: 'debian', version: '13', name: 'Debian GNU/Linux 13 (trixie)' },
  architecture: 'amd64',
  cores: 2,
  memoryBytes: 1024 * megabyte,
  diskFreeBytes: 20_000 * megabyte,
  clockOffsetSeconds: 0.1,
  ports: [{ port: 22, process: 'sshd', unit: 'ssh.service' }],
  networkInterface: 'eth0',
  placed: [],
  addresses: [
    { interface: 'lo', address: '127.0.0.1', prefixLength: 8 },
    { interface: 'eth0', address, prefixLength: 24 },
  ],
  ...other,
})

function reportsOf(
  stack: Stack,
  others: Readonly<Record<string, Partial<ServerState> | string>> = {},
): readonly ServerReport[] {
  return stack.servers.map(({ name, address }) => {
    const other = others[name]
    if (typeof other === 'string') return { server: name, reachable: false, why: other }
    return { server: name, reachable: true, ...sound(address, other) }
  })
}

const check = (stack: Stack, others: Parameters<typeof reportsOf>[1] = {}): readonly Finding[] =>
  checkFindings(stack, standIns, reportsOf(stack, others))

const render = (findings: readonly Finding[]): string =>
  `${renderFindings(findings, { width: 80, style: plainStyle })}\n`

const rows: readonly (readonly [title: string, state: Partial<ServerState> | string, found: string])[] = [
  ['out of reach', 'Connection timed out', 'problem web-1: out of reach'],
  ['Debian 12', { os: { id: 'debian', version: '12' } }, 'problem web-1: debian 12, and Trimaran needs Debian 13'],
  [
    'another system',
    { os: { id: 'ubuntu', version: '24.04' } },
    'problem web-1: ubuntu 24.04, and Trimaran needs Debian 13',
  ],
  ['a rare architecture', { architecture: 'riscv64' }, 'warning web-1: an architecture, riscv64, that was never tried'],
  ['little memory', { memoryBytes: 399 * megabyte }, 'problem web-1: 399 MB of memory, and 400 MB is the least'],
  ['a small disk', { diskFreeBytes: 1200 * megabyte }, 'warning web-1: only 1.2 GB of disk are free'],
  ['a full disk', { diskFreeBytes: 300 * megabyte }, 'problem web-1: only 300 MB of disk are free'],
  [
    'a clock ahead',
    { clockOffsetSeconds: 62.1 },
    'warning web-1: the clock is 62.0 s ahead of that of most other servers',
  ],
  ['another stack', { stack: 'shop' }, 'problem web-1: belongs to another stack already, shop'],
  [
    'another key',
    { stack: small.name, hasOtherKey: true },
    'problem web-1: set up with another stack key than the one here',
  ],
  ['a container', { container: 'lxc' }, 'warning web-1: a container (lxc), not a machine of its own'],
  [
    'a port in use',
    { ports: [{ port: 80, process: 'apache2', unit: 'apache2.service' }] },
    'problem web-1: port 80, which nginx needs, is held by apache2 (apache2.service)',
  ],
  [
    'the same software, set up by someone else',
    { ports: [{ port: 80, process: 'nginx', unit: 'nginx.service' }] },
    'problem web-1: port 80, which nginx needs, is held by nginx (nginx.service)',
  ],
]

const headlines = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, server, what }) => `${level} ${server}: ${what}`)

describe('checkFindings', () => {
  it.each(rows)('finds %s', (_title, state, found) => {
    expect(headlines(check(safe, { 'web-1': state }))).toEqual([found])
  })

  it('says of Debian 12 why it is refused', () => {
    const [finding] = check(safe, { 'db-1': { os: { id: 'debian', version: '12' } } })
    expect(finding?.why).toContain('Patroni 3.0.2 loses acknowledged writes')
  })

  it.each([
    [
      'a port that its own unit holds',
      { ports: [{ port: 80, process: 'nginx', unit: 'nginx.service' }], placed: ['nginx'] },
    ],
    ['a server of this very stack', { stack: 'guestbook' }],
    ['a lab server', { container: 'systemd-nspawn' }],
  ] as const)('is content with %s', (_title, state) => {
    expect(headlines(check(safe, { 'web-1': state }))).toEqual([])
  })

  it('blames this computer when the clocks of all servers agree with each other', () => {
    const all = Object.fromEntries(safe.servers.map(({ name }) => [name, { clockOffsetSeconds: -30 }]))
    expect(headlines(check(safe, all))).toEqual([
      'warning undefined: The clocks of all servers are 30.0 s behind that of this computer',
    ])
  })

  it('does not expect an address to cross a router', () => {
    const addresses = [{ interface: 'eth0', address: '10.9.0.12', prefixLength: 24 }]
    const [finding] = check(safe, { 'lb-2': { addresses } })
    expect(finding).toMatchObject({
      level: 'problem',
      server: 'lb-2',
      what: 'the virtual address 198.18.0.10 is not in its network',
    })
    expect(finding?.next).toContain("move: './move-address.sh'")
  })

  describe('asks who answers at the virtual address', () => {
    const at = (address: string, last: number) => ({ address, hardwareAddress: `02:00:00:00:00:0${last}` })
    const peer = at('198.18.0.12', 2)
    const found = (...neighbours: readonly ReturnType<typeof at>[]) =>
      headlines(check(safe, { 'lb-1': { neighbours } })).filter((line) => line.startsWith('problem'))

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
    const addresses = [
      { interface: 'eth0', address: '10.9.0.12', prefixLength: 24 },
      { interface: 'eth1', address: '198.18.0.12', prefixLength: 24 },
    ]
    expect(check(safe, { 'lb-2': { addresses } }).filter(({ level }) => level === 'problem')).toEqual([])
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
    await expect(render(findings)).toMatchFileSnapshot(`../goldens/check-${name}.txt`)
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
    'lb-2': {
      addresses: [{ interface: 'ens3', address: '10.0.1.140', prefixLength: 25 }],
      networkInterface: 'ens3',
    },
    'web-1': { ports: [{ port: 80, process: 'apache2', unit: 'apache2.service' }] },
    'web-2': 'ssh: connect to host web-b.example.com port 22: Connection refused',
    'app-1': { diskFreeBytes: 1200 * megabyte },
    'app-2': { diskFreeBytes: 1200 * megabyte },
    'db-1': { os: { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' }, clockOffsetSeconds: -83.4 },
    'db-2': { stack: 'shop' },
  })
}
