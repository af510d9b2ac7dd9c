import { expect, it } from 'vitest'
import { nineServers } from '../components/testing/stacks.ts'
import { rollingOrder } from './rolling-order.ts'
import type { StatusReport } from './summarise.ts'

const { servers } = nineServers([])
const led = (holders: readonly string[], leaders: readonly string[]) =>
  ({ balancer: { holder: holders[0], holders }, database: { leaders } }) as unknown as StatusReport

it.each([
  [['lb-1'], ['db-1'], 'web-1 web-2 app-1 app-2 lb-2 db-2 db-3 lb-1 db-1'],
  [['lb-2'], ['db-3'], 'web-1 web-2 app-1 app-2 lb-1 db-1 db-2 lb-2 db-3'],
  [[], [], 'web-1 web-2 app-1 app-2 lb-1 lb-2 db-1 db-2 db-3'],
])('with %j and %j in the lead', (holders, leaders, expected) => {
  const order = rollingOrder(servers.toReversed(), led(holders, leaders))
  expect(order.map(({ name }) => name).join(' ')).toBe(expected)
})
