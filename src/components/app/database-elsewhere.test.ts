import { expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { components } from '../index.ts'
import { contextFor, inputOf, nine, stackFrom } from '../testing/stacks.ts'
import { app } from './index.ts'

const { database: _none, ...input } = inputOf(nine)

it.each([
  ['postgres://me:a@203.0.113.9/shop', 'ip daddr 203.0.113.9 tcp dport 5432 jump pass', '203.0.113.9 5432\n'],
  ['postgres://me:a@[fd00::7]:5499/shop', 'ip6 daddr fd00::7 tcp dport 5499 jump pass', 'fd00::7 5499\n'],
  ['postgres://me:a@db.example.com/shop', undefined, 'db.example.com 5432\n'],
  // DNS lists its hosts under another name: nobody is asked, and nobody found silent.
  ['mongodb+srv://me:a@cluster.example.com/shop', undefined, ' \n'],
  ['mongodb://me:a@one.example.com,two.example.com/shop', undefined, ' \n'],
])('opens the way to %s, and asks whether it is there', (DATABASE_URL, rule, asked) => {
  const stack = stackFrom(components, { ...input, app: { ...input.app, env: { DATABASE_URL } } })
  const files = app.render(contextFor(stack, 'app-1')).filter((one): one is File => one.kind === 'file')
  const contentOf = (end: string): string => files.find(({ path }) => path.endsWith(end))!.content
  const [, opened] = /# DATABASE_URL\n *(.*)\n/.exec(contentOf('/app-reach.nft')) ?? []
  expect(opened).toBe(rule)
  expect(contentOf('/app-database')).toBe(asked)
})

it.each([
  [
    'postgres://me:a@DB.example.com/shop',
    'ip daddr @to-db.example.com meta l4proto { tcp, udp } th dport { 5432 } jump pass',
  ],
  ['postgres://me:a@203.0.113.9/shop', undefined],
  ['postgres://me:a@db_1/shop', undefined],
])('leaves %s open beside the hosts that the app may call, by its name', (DATABASE_URL, rule) => {
  const stack = stackFrom(components, { ...input, app: { ...input.app, env: { DATABASE_URL }, outbound: [] } })
  const files = app.render(contextFor(stack, 'app-1')).filter((one): one is File => one.kind === 'file')
  const rules = files.find(({ path }) => path.endsWith('/app-reach.nft'))!.content
  expect(/ip daddr @.*/.exec(rules)?.[0]).toBe(rule)
  expect(files.some(({ path }) => path.endsWith('/app-names.conf'))).toBe(rule !== undefined)
})
