import { expect, it } from 'vitest'
import { componentWith } from '../components/testing/component.ts'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import { failure } from '../errors/failure.ts'
import type { Seen } from '../components/component.ts'
import { sh, type Shell } from '../shell/sh.ts'
import type { Link } from '../stack/stack.ts'
import { createBashTransport } from '../transport/testing/bash-transport.ts'
import { awaitDrained, awaitUse } from './await-drained.ts'

const link: Link = {
  from: 'balancer',
  to: 'web',
  component: 'nginx',
  protocol: 'tcp',
  ports: [80],
  why: '',
  service: { name: 'web', port: 80, mode: 'http', check: { method: 'GET', path: '/' } },
}
const stack = { ...nineServers([]), links: [link] }
const web = serverNamed(stack, 'web-1')

/** What a caller tells, a line each time: whether it sends there, what is open, and how many others it has. */
const says = (...seen: readonly Seen[]): Shell => sh`printf '%s\n' ${seen.map((one) => JSON.stringify(one))}; sleep 0.2`
const seen = (isUsed: boolean, open: number, others = 1): Seen => ({ isUsed, open, others })

interface Scene {
  readonly callers: Readonly<Record<string, Shell>>
  readonly inFlight?: Shell
  readonly unreachable?: readonly string[]
  readonly onOpen?: (open: number) => void
}

function optionsFor({ callers, inFlight = sh`echo left 0`, unreachable = [], onOpen }: Scene) {
  const transport = createBashTransport('/nowhere')
  const branches = Object.entries(callers)
  const routes = componentWith('haproxy', {
    routes: {
      watch: () => sh`: watch`,
      read: (line) => (line.startsWith('{') ? (JSON.parse(line) as Seen) : undefined),
    },
    drains: { askInFlight: () => inFlight },
  })
  return {
    stack,
    components: [routes],
    seconds: 2,
    ...(onOpen && { onOpen }),
    connect: async (server: { readonly name: string; readonly destination: string }) => {
      if (unreachable.includes(server.name)) throw failure('TRI-SSH-001', { what: `${server.name} is unreachable` })
      const connection = await transport.connect(server)
      const told = branches.find(([name]) => name === server.name)?.[1]
      // Each caller says something else, and the role's own script does not know which one it is.
      return told === undefined
        ? connection
        : { ...connection, run: (_: string, options?: object) => connection.run(told.text, options) }
    },
  }
}

it('is free once no caller sends anything there, and nothing is in flight', async () => {
  const open: number[] = []
  const callers = { 'lb-1': says(seen(true, 3), seen(false, 0)), 'lb-2': says(seen(false, 0)) }
  const freed = await awaitDrained(web, optionsFor({ callers, onOpen: (count) => open.push(count) }))
  expect(freed).toEqual({ left: 0, cut: 0, callers: [] })
  expect(Math.max(...open)).toBe(3)
  expect(open.at(-1)).toBe(0)
})

it('names a caller that still had something open when the time was up, and what was left and cut off', async () => {
  const callers = { 'lb-1': says(seen(true, 2)), 'lb-2': says(seen(false, 0)) }
  const inFlight = sh`echo left 1; echo left 4; echo cut 2`
  expect(await awaitDrained(web, optionsFor({ callers, inFlight }))).toEqual({ left: 5, cut: 2, callers: ['lb-1'] })
})

it('does not wait for a caller that is unreachable', async () => {
  const callers = { 'lb-2': says(seen(false, 0)) }
  const freed = await awaitDrained(web, optionsFor({ callers, unreachable: ['lb-1'] }))
  expect(freed).toEqual({ left: 0, cut: 0, callers: [] })
})

it('is missed once no caller finds another server in its place', async () => {
  const callers = { 'lb-1': says(seen(false, 0, 0)), 'lb-2': says(seen(false, 0, 0)) }
  expect(await awaitDrained(web, optionsFor({ callers }))).toBe('missed')
  expect(await awaitDrained(web, { ...optionsFor({ callers }), mayBeLast: true })).toMatchObject({ callers: [] })
})

it('names who does not send anything there again', async () => {
  const callers = { 'lb-1': says(seen(true, 0)), 'lb-2': says(seen(false, 0)) }
  expect(await awaitUse(web, optionsFor({ callers }))).toEqual(['lb-2'])
})
