import { describe, expect, it } from 'vitest'
import { components } from '../../components/index.ts'
import { busyServers, fiveServers, nineServers, serverNamed, stackFrom } from '../../components/testing/stacks.ts'
import { publicAddress, type Stack } from '../../stack/stack.ts'
import { type Goal, isAllowed } from './expect.ts'
import { goalsOf, checkIsolation, portsToTry, type Tried } from './check-isolation.ts'

const nine = nineServers(components)
const goal = (stack: Stack, name: string, port: number, protocol: Goal['protocol'] = 'tcp'): Goal => {
  const server = serverNamed(stack, name)
  return { server, address: server.address, protocol, port }
}
const from = (stack: Stack, name: string, user = 'nobody') => ({ server: serverNamed(stack, name), user })
const outside = { user: 'visitor' }

describe('what links allow', () => {
  it.each([
    ['lb-1', 'web-1', 80, true],
    ['web-1', 'app-2', 3100, true],
    ['app-1', 'db-3', 5432, true],
    ['db-1', 'db-2', 2380, true],
    ['web-1', 'db-1', 5432, false],
    ['lb-1', 'app-1', 3000, false],
    ['web-1', 'web-2', 80, false],
    ['app-1', 'db-1', 2379, false],
    ['db-1', 'web-1', 80, false],
    ['web-1', 'lb-1', 8404, false],
  ])('%s to %s at port %s: %s', (caller, to, port, expected) => {
    expect(isAllowed(nine, from(nine, caller), goal(nine, to, port))).toBe(expected)
  })

  it('lets the app to nobody of the stack but the site itself', () => {
    const app = from(nine, 'app-1', 'app')
    for (const server of nine.servers)
      for (const port of [22, 80, 2379, 3000, 5432, 8008])
        expect(isAllowed(nine, app, { server, address: server.address, protocol: 'tcp', port })).toBe(false)
    const site = { ...goal(nine, 'lb-1', 80), address: publicAddress(nine) }
    expect(isAllowed(nine, app, site)).toBe(true)
    expect(isAllowed(nine, from(nine, 'web-1'), site)).toBe(true)
    expect(isAllowed(nine, from(nine, 'web-1'), { ...site, port: 22 })).toBe(false)
  })

  it('lets nobody from outside in but visitors and operators, and no visitor over IPv6', () => {
    const open = nine.servers.flatMap((server) =>
      [22, 80, 2379, 2380, 3000, 5432, 8008, 8404].filter((port) =>
        isAllowed(nine, outside, { server, address: server.address, protocol: 'tcp', port }),
      ),
    )
    expect(open).toEqual([22, 80, 22, 80, ...Array.from({ length: 7 }, () => 22)])
    expect(isAllowed(nine, outside, { ...goal(nine, 'lb-1', 80), address: '2001:db8::11' })).toBe(false)
  })

  it('does not know whether this computer is among those of ssh.from', () => {
    const stack = stackFrom(components, {
      name: 'shop',
      balancer: { servers: 1 },
      web: { servers: 1 },
      app: { servers: 1, start: 'x' },
      ssh: { from: ['203.0.113.0/24'] },
      links: [{ on: 'web', from: ['10.0.0.5'], ports: [9100], why: 'figures' }],
    })
    expect(isAllowed(stack, outside, goal(stack, 'web-1', 22))).toBeUndefined()
    expect(isAllowed(stack, outside, goal(stack, 'web-1', 9100))).toBeUndefined()
    expect(isAllowed(stack, from(stack, 'app-1', 'root'), goal(stack, 'web-1', 22))).toBe(false)
  })
})

describe('what was tried', () => {
  const web = goal(nine, 'web-1', 80)
  const one = (caller: Tried['caller'], to: Goal, seen: Tried['seen']): Tried => ({ caller, goal: to, seen })
  const listening = new Map([['web-1', [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 80 }]]])

  it('is counted by what the links say of it', () => {
    const tried = [
      one(from(nine, 'lb-1'), web, 'open'),
      one(from(nine, 'web-2'), web, 'refused'),
      one(from(nine, 'db-1'), web, 'silent'),
      one(from(nine, 'web-1'), goal(nine, 'app-1', 3100), 'refused'),
    ]
    expect(checkIsolation(nine, tried, listening)).toEqual({ allowed: 1, refused: 2, idle: 1, wrong: [] })
  })

  it('is no fault where an observer closes for a time what a link allows', () => {
    const to = goal(nine, 'db-2', 5432)
    const held = new Map([['db-2', [{ protocol: 'tcp' as const, address: '198.18.0.192', port: 5432 }]]])
    expect(checkIsolation(nine, [one(from(nine, 'db-1'), to, 'refused')], held)).toMatchObject({ idle: 1, wrong: [] })
    expect(checkIsolation(nine, [one(from(nine, 'app-1'), to, 'refused')], held).wrong).toHaveLength(1)
  })

  it('is wrong where a hole is open, and where a way is closed although something listens there', () => {
    const tried = [
      one(from(nine, 'db-1'), web, 'open'),
      one(from(nine, 'lb-2'), web, 'silent'),
      one(outside, { ...web, protocol: 'udp', port: 514 }, 'silent'),
    ]
    const holes = checkIsolation(nine, tried, listening).wrong
    expect(holes).toEqual([
      { from: 'db-1', user: 'nobody', to: 'web-1', address: web.address, protocol: 'tcp', port: 80, is: 'open' },
      { to: 'web-1', address: web.address, protocol: 'udp', port: 514, is: 'open' },
      { from: 'lb-2', user: 'nobody', to: 'web-1', address: web.address, protocol: 'tcp', port: 80, is: 'closed' },
    ])
  })

  it('is every port of every other server, and no more than a server may make up', () => {
    const many = Array.from({ length: 5000 }, (_, port) => ({ protocol: 'tcp' as const, address: '*', port: port + 1 }))
    expect(portsToTry([80], new Map([['web-1', many]]), 'tcp')).toHaveLength(300)
    const ports = { tcp: portsToTry([80, 22], listening, 'tcp'), udp: [] }
    for (const stack of [fiveServers(components), nine, busyServers(components)])
      expect(goalsOf(stack.servers[0], stack.servers, ports, ({ address }) => [address])).toHaveLength(
        (stack.servers.length - 1) * 2,
      )
  })
})
