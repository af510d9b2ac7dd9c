import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { components } from '../index.ts'
import { busyServers, contextFor, fiveServers, nineServers, serverNamed, stackFrom } from '../testing/stacks.ts'
import { openingsOf } from './openings.ts'
import { firewall } from './index.ts'

const five = fiveServers(components)
const nine = nineServers(components)
const busy = busyServers(components)

const addressesOf = (tier: string) => nine.servers.filter((one) => one.tier === tier).map(({ address }) => address)

const fileAt = (stack: typeof five, name: string, path: string): string =>
  firewall.render(contextFor(stack, name)).find((one): one is File => one.kind === 'file' && one.path.endsWith(path))!
    .content

const stackOf = (more: object) =>
  stackFrom(components, {
    name: 'shop',
    balancer: { servers: 2 },
    web: { servers: 2 },
    app: { servers: 2, start: 'node server.js' },
    database: { servers: 3 },
    ...more,
  })

describe('the firewall', () => {
  it('renders its rules and its unit', async () => {
    await expect(fileAt(five, 'db-1', '.nft')).toMatchFileSnapshot('goldens/five-db-1.nft')
    await expect(fileAt(nine, 'db-2', '.nft')).toMatchFileSnapshot('goldens/nine-db-2.nft')
    await expect(fileAt(nine, 'app-1', '.nft')).toMatchFileSnapshot('goldens/nine-app-1.nft')
    await expect(fileAt(busy, 'lb-1', '.nft')).toMatchFileSnapshot('goldens/busy-lb-1.nft')
    await expect(fileAt(nine, 'db-2', '.service')).toMatchFileSnapshot('goldens/trimaran-firewall.service')
  })

  it('names no address within a network of the same set, which nft refuses', () => {
    const links = [{ on: 'app', from: ['198.18.0.0/15'], ports: [6543], why: 'a database of mine' }]
    expect(fileAt(stackOf({ links }), 'app-1', '.nft')).toContain(
      'flags interval; elements = { 198.18.0.0/15 }; }\n\n    # Answers',
    )
  })

  const into = (stack: typeof five, name: string, protocol = 'tcp') =>
    openingsOf(contextFor(stack, name)).filter((one) => one.direction === 'in' && one.protocol === protocol)
  const outOf = (stack: typeof five, name: string, protocol = 'tcp') =>
    openingsOf(contextFor(stack, name)).filter((one) => one.direction === 'out' && one.protocol === protocol)

  it('lets app servers to the database and to Patroni, and not to etcd', () => {
    const app = serverNamed(nine, 'app-1').address
    const open = into(nine, 'db-1').filter(({ addresses }) => addresses?.includes(app))
    expect(open.map(({ port }) => port)).toEqual([5432, 8008])
    expect(outOf(nine, 'app-1').flatMap(({ port, users }) => (users === undefined ? port : []))).toEqual([
      53, 80, 5432, 8008,
    ])
  })

  it('lets nobody from the balancers and the web servers in', () => {
    const others = nine.servers
      .filter(({ tier }) => tier === 'balancer' || tier === 'web')
      .map(({ address }) => address)
    const admitted = into(nine, 'db-1').flatMap(({ addresses, isSsh }) => (isSsh === true ? [] : addresses))
    expect(admitted.filter((one) => others.includes(one!))).toEqual([])
  })

  it.each([
    ['app-1', 'web', [3000, 3100, 3500, 3600]],
    ['web-1', 'balancer', [80]],
  ])('lets to %s its callers alone, the %s tier', (name, callers, ports) => {
    const guarded = into(nine, name).filter(({ isSsh }) => isSsh !== true)
    expect(guarded.map(({ port }) => port)).toEqual(ports)
    for (const { addresses } of guarded) expect(addresses).toEqual(addressesOf(callers))
  })

  it('lets balancers to what they tell each other, and everybody of IPv4 to the way in', () => {
    expect(into(busy, 'lb-1')).toEqual([
      { direction: 'in', protocol: 'tcp', port: 22, isSsh: true },
      { direction: 'in', protocol: 'tcp', port: 80, isIpv4: true },
      { direction: 'in', protocol: 'tcp', port: 8405, addresses: addressesOf('balancer') },
    ])
    expect(into(nine, 'lb-1', 'vrrp')).toEqual([
      { direction: 'in', protocol: 'vrrp', addresses: addressesOf('balancer') },
    ])
  })

  it('lets in at each port that a component has open to the network, and at no other', () => {
    for (const server of busy.servers) {
      const open = components
        .filter((one) => one.belongsOn(server, busy))
        .flatMap((one) => one.listens(server, busy).filter(({ reach }) => reach === 'network'))
      const ports = [...new Set([22, ...open.map(({ port }) => port)])].toSorted((a, b) => a - b)
      expect(into(busy, server.name).map(({ port }) => port)).toEqual(ports)
    }
  })

  it('lets out to each port that another server lets in, and the other way round', () => {
    for (const stack of [five, nine, busy])
      for (const here of stack.servers)
        for (const there of stack.servers) {
          if (here === there) continue
          const out = outOf(stack, here.name).filter((one) => one.addresses?.includes(there.address))
          const accepted = into(stack, there.name).filter((one) => one.addresses?.includes(here.address))
          expect(out.map(({ port }) => port)).toEqual(accepted.map(({ port }) => port))
        }
  })

  it('lets SSH in where the server listens for it, from where the config says', () => {
    const ssh = { from: ['203.0.113.7', '198.51.100.0/24', '198.51.100.9', '2001:db8::/32'] }
    const stack = stackOf({ ssh })
    const context = contextFor(stack, 'web-1', { sshPorts: [2222] })
    const [opening] = openingsOf(context).filter(({ isSsh }) => isSsh === true)
    expect(opening).toMatchObject({
      port: 2222,
      addresses: expect.arrayContaining(['198.51.100.0/24', '2001:db8::/32', '203.0.113.7']) as unknown,
    })
    expect(opening?.addresses).not.toContain('198.51.100.9')
    const rules = fileAt(stack, 'web-1', '.nft')
    expect(rules).toMatch(/set ssh-ip6 \{ type ipv6_addr; .* 2001:db8::\/32 /)
    expect(rules).toContain('tcp dport 22 ip saddr @ssh accept')
  })

  it('has the links of the config, and the answers to those of UDP', () => {
    const links = [
      { on: 'servers', from: ['10.0.0.5'], protocol: 'tcp', ports: [9100], why: 'figures' },
      { on: 'web', to: ['10.0.0.9'], protocol: 'udp', ports: [514], why: 'logs' },
    ] as const
    const stack = stackOf({ links })
    expect(fileAt(stack, 'db-1', '.nft')).toContain('tcp dport 9100 ip saddr @in-tcp-9100 accept')
    expect(fileAt(stack, 'web-1', '.nft')).toContain('udp dport 514 ip daddr @out-udp-514 accept')
    expect(fileAt(stack, 'web-1', '.nft')).toContain('udp sport 514 udp dport 1024-65535 ip saddr @out-udp-514 accept')
    expect(fileAt(stack, 'db-1', '.nft')).not.toContain('514')
  })

  it('admits nobody by a name, and opens nothing where a caller goes by one', () => {
    const servers = nine.servers.map((one) => (one.name === 'web-2' ? { ...one, address: 'web-b.example.com' } : one))
    const rules = fileAt({ ...nine, servers }, 'app-1', '.nft')
    expect(rules).not.toContain('example.com')
    expect(rules).toContain('set in-tcp-3000 { type ipv4_addr; flags interval; elements = { 198.18.0.31 }; }')
  })

  it('tracks connections only where the app calls whom it likes, and none of the stack', () => {
    expect(fileAt(nine, 'web-1', '.nft')).not.toMatch(/ct state|notrack/)
    expect(fileAt(nine, 'app-1', '.nft')).toContain('ip daddr @neighbours notrack')
  })

  it('turns away who left when everything else is done', () => {
    const [condition] = firewall.render(contextFor(nine, 'db-1')).filter(({ kind }) => kind === 'condition')
    expect(condition).toMatchObject({ phase: 'last' })
  })

  it('says what is missing', () => {
    const read = (answer: string) => firewall.health.read(answer, serverNamed(nine, 'db-1'), nine, { drained: [] })
    expect(read('active\npresent\n')).toEqual({ state: 'well' })
    expect(read('active\nabsent\n').note).toContain('ports are open')
    expect(read('failed\npresent\n').note).toContain('is not active')
    expect(read('').state).toBe('degraded')
  })

  it('names the rules of others, and a table of connections that is nearly full', () => {
    const read = (answer: string) => firewall.health.read(answer, serverNamed(nine, 'db-1'), nine, { drained: [] })
    const well = 'active\npresent\n'
    expect(read(`${well}tracked\t12\t262144\n`)).toEqual({ state: 'well' })
    expect(read(`${well}tracked\t262000\t262144\n`)).toMatchObject({
      state: 'degraded',
      note: expect.stringContaining('262000 of 262144') as unknown,
    })
    const strange = `${well}other\tip filter\nother\tinet \u001b[31mred\nother\tinet filter\n`
    expect(read(strange)).toEqual({
      state: 'well',
      note: "rules that are not Trimaran's judge packets as well: inet filter, ip filter",
    })
  })
})
