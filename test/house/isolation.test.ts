import { expect, it } from 'vitest'
import { openingsOf, type Opening } from '../../src/components/firewall/openings.ts'
import { components } from '../../src/components/index.ts'
import {
  busyServers,
  contextFor,
  fiveServers,
  nineServers,
  smallerStacks,
  stackFrom,
} from '../../src/components/testing/stacks.ts'
import { isAllowed } from '../../src/status/isolation/expect.ts'

const limited = stackFrom(components, {
  name: 'shop',
  balancer: { servers: 2 },
  web: { servers: 2 },
  app: { servers: 2, start: 'node server.js' },
  database: { servers: 2 },
  ssh: { from: ['203.0.113.7', '198.18.0.31'] },
  links: [
    { on: 'web', from: ['198.18.0.111'], ports: [9100], why: 'figures' },
    { on: 'app', to: ['198.18.0.31', '198.18.0.0/27'], ports: [9100, 9101], why: 'figures' },
  ],
})
const stacks = {
  five: fiveServers(components),
  nine: nineServers(components),
  busy: busyServers(components),
  limited,
  ...smallerStacks(components),
}

/** What `verify isolation` expects and what the firewalls let through are found in two ways. */
it.each(Object.entries(stacks))('expects exactly what both firewalls let through: %s', (_, stack) => {
  const openings = new Map(stack.servers.map((one) => [one.name, openingsOf(contextFor(stack, one.name))]))
  const ports = [...new Set(stack.links.flatMap((link) => link.ports)), 8404, 6432]
  const has = (name: string, direction: 'in' | 'out', port: number, address: string, user: string): boolean =>
    openings
      .get(name)!
      .some(
        (one) =>
          one.direction === direction &&
          one.protocol === 'tcp' &&
          one.port === port &&
          (one.users?.includes(user) ?? true) &&
          (one.addresses?.some((far) => far === address || far === '198.18.0.0/27') ?? true) &&
          isFar(one, address),
      )
  for (const here of stack.servers)
    for (const there of stack.servers)
      for (const port of ports)
        for (const user of ['root', 'nobody']) {
          if (here === there) continue
          const goal = { server: there, address: there.address, protocol: 'tcp', port } as const
          expect(
            isAllowed(stack, { server: here, user }, goal),
            `${here.name} as ${user} to ${there.name} at ${port}`,
          ).toBe(has(here.name, 'out', port, there.address, user) && has(there.name, 'in', port, here.address, user))
        }
})

/** A network of the test's config has the first 32 addresses of the lab. */
const isFar = ({ addresses }: Opening, address: string): boolean =>
  addresses === undefined || addresses.includes(address) || Number(address.split('.')[3]) < 32
