import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { components } from '../index.ts'
import { busyServers, contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { guardedPorts } from './callers.ts'
import { firewall } from './index.ts'

const five = fiveServers(components)
const nine = nineServers(components)
const busy = busyServers(components)

const addressesOf = (tier: string) => nine.servers.filter((one) => one.tier === tier).map(({ address }) => address)

const fileAt = (stack: typeof five, name: string, path: string): string =>
  firewall.render(contextFor(stack, name)).find((one): one is File => one.kind === 'file' && one.path.endsWith(path))!
    .content

describe('the firewall', () => {
  it('renders its rules and its unit', async () => {
    await expect(fileAt(five, 'db-1', '.nft')).toMatchFileSnapshot('goldens/five-db-1.nft')
    await expect(fileAt(nine, 'db-2', '.nft')).toMatchFileSnapshot('goldens/nine-db-2.nft')
    await expect(fileAt(nine, 'app-1', '.nft')).toMatchFileSnapshot('goldens/nine-app-1.nft')
    await expect(fileAt(busy, 'lb-1', '.nft')).toMatchFileSnapshot('goldens/busy-lb-1.nft')
    await expect(fileAt(nine, 'db-2', '.service')).toMatchFileSnapshot('goldens/trimaran-firewall.service')
  })

  it('lets app servers to the database and to Patroni, and not to etcd', () => {
    const app = serverNamed(nine, 'app-1').address
    const open = guardedPorts(nine, serverNamed(nine, 'db-1')).filter(({ addresses }) => addresses.includes(app))
    expect(open.map(({ port }) => port)).toEqual([5432, 8008])
  })

  it('lets nobody from the balancers and the web servers in', () => {
    const others = nine.servers
      .filter(({ tier }) => tier === 'balancer' || tier === 'web')
      .map(({ address }) => address)
    const admitted = guardedPorts(nine, serverNamed(nine, 'db-1')).flatMap(({ addresses }) => addresses)
    expect(admitted.filter((one) => others.includes(one))).toEqual([])
  })

  it.each([
    ['app-1', 'web', [3000, 3100, 3500, 3600]],
    ['web-1', 'balancer', [80]],
  ])('lets to %s its callers alone, the %s tier', (name, callers, ports) => {
    const guarded = guardedPorts(nine, serverNamed(nine, name))
    expect(guarded.map(({ port }) => port)).toEqual(ports)
    for (const { addresses } of guarded) expect(addresses).toEqual(addressesOf(callers))
  })

  it('lets balancers to what they tell each other, and everybody to the way in', () => {
    const guarded = guardedPorts(busy, serverNamed(busy, 'lb-1'))
    expect(guarded).toEqual([{ port: 8405, addresses: addressesOf('balancer') }])
  })

  it('guards every port that a component has open to the network, but for SSH and the way in', () => {
    for (const server of busy.servers) {
      const open = components
        .filter((one) => one.belongsOn(server, busy))
        .flatMap((one) => one.listens(server, busy).filter(({ reach }) => reach === 'network'))
      const ports = [...new Set(open.map(({ port }) => port))].toSorted((a, b) => a - b)
      const free = server.tier === 'balancer' ? [80] : []
      expect(guardedPorts(busy, server).map(({ port }) => port)).toEqual(ports.filter((port) => !free.includes(port)))
    }
  })

  it('admits nobody by a name, and opens nothing where a caller goes by one', () => {
    const servers = nine.servers.map((one) => (one.name === 'web-2' ? { ...one, address: 'web-b.example.com' } : one))
    const rules = fileAt({ ...nine, servers }, 'app-1', '.nft')
    expect(rules).not.toContain('example.com')
    expect(rules).toContain('set tcp-3000 { type ipv4_addr; flags interval; elements = { 198.18.0.31 }; }')
  })

  it('belongs where something is guarded', () => {
    const on = (stack: typeof five) =>
      stack.servers.filter((server) => firewall.belongsOn(server, stack)).map(({ name }) => name)
    const but = (stack: typeof five, ...left: string[]) =>
      stack.servers.map(({ name }) => name).filter((name) => !left.includes(name))
    expect(on(nine)).toEqual(but(nine, 'lb-1', 'lb-2'))
    expect(on({ ...nine, servers: nine.servers.filter(({ name }) => name !== 'db-3') })).toEqual(
      but(nine, 'lb-2', 'db-3'),
    )
    expect(on(busy)).toEqual(but(busy))
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
})
