import { expect, it } from 'vitest'
import { components } from '../../components/index.ts'
import { stackFrom } from '../../components/testing/stacks.ts'
import { readLiveSource } from './live-source.ts'
import { requireWayOut } from './require-way-out.ts'

const links = [
  { on: 'database', to: ['10.0.0.0/24'], ports: [5432, 6000], why: 'moving in' },
  { on: 'web', to: ['10.9.0.1'], ports: [5432], why: 'something else' },
]
const stack = stackFrom(components, {
  name: 'shop',
  balancer: { servers: 1 },
  web: { servers: 1 },
  app: { servers: 1, start: 'x' },
  database: { servers: 1 },
  links,
})
const to = (host: string) => (): void => requireWayOut(stack, readLiveSource(`postgresql://ana@${host}/shop`, {}))

it.each(['10.0.0.7', '10.0.0.7:6000', 'old.example.com', '127.0.0.1:7000', 'localhost', '198.18.0.191:5499'])(
  'lets a database be read from %s',
  (host) => {
    expect(to(host)).not.toThrow()
  },
)

it.each([
  ['10.0.1.7', "to: ['10.0.1.7'], ports: [5432]"],
  ['10.0.0.7:5433', "to: ['10.0.0.7'], ports: [5433]"],
  ['10.9.0.1', "to: ['10.9.0.1'], ports: [5432]"],
  ['old.example.com:7000', "to: ['the address of old.example.com'], ports: [7000]"],
  ['198.18.0.111', "to: ['198.18.0.111'], ports: [5432]"],
])('names the link that is missing to %s', (host, link) => {
  expect(to(host)).toThrow(
    expect.objectContaining({
      facts: expect.objectContaining({ next: expect.stringContaining(link) as unknown }) as unknown,
    }),
  )
})
