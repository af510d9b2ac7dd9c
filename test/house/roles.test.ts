import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createBlueprint } from '../../src/blueprint/blueprint.ts'
import { type Component, having } from '../../src/components/component.ts'
import { components } from '../../src/components/index.ts'
import { contextFor, everything, fiveServers, nineServers, smallerStacks } from '../../src/components/testing/stacks.ts'
import { handOverPath, pausePath, preRemovePath } from '../../src/resources/state-folder.ts'
import { hasTier, type Stack } from '../../src/stack/stack.ts'

const stacks = [
  fiveServers(components),
  nineServers(components),
  everything(components),
  ...Object.values(smallerStacks(components)),
]

/** What a component is to place for its roles: a program each. */
const programsOf = ({ roles = {} }: Component): readonly string[] => [
  ...(roles.leads === undefined ? [] : [handOverPath(roles.leads.unit)]),
  ...(roles.preRemoves === undefined ? [] : [preRemovePath(roles.preRemoves.unit)]),
  ...(roles.pausesCalls === undefined ? [] : [pausePath(roles.pausesCalls.tier)]),
]

const isProgram = (path: string): boolean =>
  [handOverPath(''), preRemovePath(''), pausePath('')].some((folder) => path.startsWith(folder))

it.each(stacks)(
  '%# every role has its program wherever its component is, and no program stands without a role',
  (stack) => {
    for (const { name } of stack.servers) {
      const context = contextFor(stack, name)
      for (const { component, resources } of createBlueprint(components, context).parts) {
        const placed = resources.flatMap((one) => (one.kind === 'file' && isProgram(one.path) ? [one] : []))
        const found = components.find((one) => one.name === component)
        const wanted = found === undefined ? [] : programsOf(found)
        expect([name, ...placed.map(({ path }) => path).toSorted()]).toEqual([name, ...wanted.toSorted()])
        for (const { mode, owner } of placed) expect([owner, mode]).toEqual(['root', '0755'])
      }
    }
  },
)

it('a unit that leads, or has a pre-remove program, is one that its component runs', () => {
  const stack = everything(components)
  const named = [...having(components, 'leads'), ...having(components, 'preRemoves')]
  for (const { component, role } of named) {
    const on = stack.servers.filter((server) => component.belongsOn(server, stack))
    expect(on.length).toBeGreaterThan(0)
    for (const { name } of on) {
      const units = component.render(contextFor(stack, name)).filter(({ kind }) => kind === 'unit')
      expect(units.map((one) => 'name' in one && one.name)).toContain(role.unit)
    }
  }
})

it('on no server two components choose among the same upstreams, and no tier is led or paused twice', () => {
  const routing = (stack: Stack) =>
    stack.servers.map((server) =>
      having(components, 'routes').filter(({ component }) => component.belongsOn(server, stack)),
    )
  for (const stack of stacks) expect(Math.max(...routing(stack).map(({ length }) => length))).toBe(1)
  for (const role of ['leads', 'pausesCalls', 'holdsReleases'] as const) {
    const tiers = having(components, role).map((one) => one.role.tier)
    expect(new Set(tiers).size).toBe(tiers.length)
  }
  expect(having(components, 'runsApp')).toHaveLength(1)
})

it('the app finds the database by the pool where there is one, and the comment says where each variable leads', () => {
  const variables = (stack: Stack) => contextFor(stack, 'app-1').appVariables
  const urlsOf = (stack: Stack) =>
    Object.assign({}, ...variables(stack).map(({ values }) => values)) as Record<string, string>
  expect(Object.keys(urlsOf(everything(components)))).toEqual([
    'DATABASE_URL',
    'DATABASE_DIRECT_URL',
    'DATABASE_REPLICA_URL',
  ])
  expect(urlsOf(everything(components))['DATABASE_URL']).toContain('@127.0.0.1:6432/')
  expect(urlsOf(everything(components))['DATABASE_DIRECT_URL']).toContain('@127.0.0.1:5432/')
  expect(Object.keys(urlsOf(nineServers(components)))).toEqual(['DATABASE_URL', 'DATABASE_REPLICA_URL'])
  expect(urlsOf(nineServers(components))['DATABASE_URL']).toContain('@127.0.0.1:5432/')
  for (const stack of stacks.filter((one) => hasTier(one, 'database'))) {
    const told = variables(stack)
      .flatMap(({ comment }) => comment ?? [])
      .join(' ')
    for (const name of Object.keys(urlsOf(stack))) expect(told).toContain(name)
  }
})

it('each component has the name under which it is listed, and is listed once', () => {
  const folders = readdirSync('src/components', { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? [one.name] : [],
  )
  expect(components.map(({ name }) => name).toSorted()).toEqual(folders.filter((name) => name !== 'testing').toSorted())
})
