import { expect, it } from 'vitest'
import { components } from '../components/index.ts'
import { contextFor, forty, labStack, nineServers } from '../components/testing/stacks.ts'
import { soundServer } from '../plan/testing/sound-server.ts'
import { blueprintOf } from '../engine/observe.ts'
import type { Stack } from '../stack/stack.ts'
import { summarise } from '../status/summarise.ts'
import { displayWidth } from './display-width.ts'
import { fitStatus } from './show-status.ts'
import { createTone } from './tone.ts'

const tone = createTone({ isTTY: false }, {})
const page = { width: 80, rows: 21 }

const reportOf = (stack: Stack, isDown: (name: string) => boolean = () => false) =>
  summarise(
    stack,
    new Map(
      stack.servers.map((server) => [
        server.name,
        isDown(server.name)
          ? { unreachable: 'No answer in time: the server is off or frozen, or a firewall drops what we send' }
          : soundServer(blueprintOf(server, stack, components, contextFor(stack, server.name)), stack.name),
      ]),
    ),
  )

it('shows nine servers on a small screen, and what is wrong before tables', async () => {
  const text = fitStatus(
    reportOf(nineServers(components), (name) => name === 'web-2'),
    tone,
    page,
  )
  await expect(`${text}\n`).toMatchFileSnapshot('goldens/status.nine.txt')
})

it.each([
  ['all well', () => false],
  ['all down', () => true],
  ['every other one', (name: string) => Number(name.at(-1)) % 2 === 0],
])('fits the screen with forty servers, %s', (_, isDown) => {
  const lines = fitStatus(reportOf(labStack(components, forty), isDown), tone, page).split('\n')
  expect(lines.length).toBeLessThanOrEqual(page.rows)
  expect(lines.filter((line) => displayWidth(line) > page.width)).toEqual([])
})
