import { expect, it } from 'vitest'
import type { Blueprint } from '../blueprint/blueprint.ts'
import { fiveServers, serverNamed } from '../components/testing/stacks.ts'
import type { Observation } from '../observation/observation.ts'
import type { File } from '../resources/resource.ts'
import { narrowBlueprint } from './narrow-blueprint.ts'

const path = '/etc/haproxy/haproxy.cfg'
const file = (content: string): File => ({ kind: 'file', path, content, mode: '0644', owner: 'root', group: 'root' })
const blueprintOf = (content: string): Blueprint => ({
  server: serverNamed(fiveServers([]), 'lb-1'),
  parts: [{ component: 'haproxy', resources: [file(content)] }],
})
const standing = (content: string): Observation =>
  ({
    manifest: [{ component: 'haproxy', kind: 'file', name: path }],
    resources: new Map([['file', new Map([[path, { content, mode: '0644', owner: 'root', group: 'root' }]])]]),
  }) as unknown as Observation

const open = 'global\n  a\n  b\nfrontend\n  c\n  d\n'
const closed = 'global\n  a\n  b\nfrontend\n  return 503\n  c\n  d\n'
const withPending = (content: string): string => content.replace('global\n', 'global\n  old\n')

it.each([
  ['not there yet', withPending(open), withPending(closed)],
  ['there already, as where a command was cut off', withPending(closed), withPending(closed)],
])('gives a file that is to get other changes, too, the difference once: %s', (_when, stands, wanted) => {
  const { blueprint, refusals } = narrowBlueprint(blueprintOf(open), blueprintOf(closed), standing(stands))
  expect(refusals).toEqual([])
  expect(blueprint.parts[0]!.resources).toEqual([file(wanted)])
})

it('refuses where what is pending stands beside the difference, instead of guessing', () => {
  const [before, wanted] = ['a\nx\nb\n', 'a\nx\ny\nb\n']
  expect(narrowBlueprint(blueprintOf(before), blueprintOf(wanted), standing('a\nb\n')).refusals).toHaveLength(1)
})

it('leaves a file alone in which nothing differs, whatever stands there', () => {
  const { blueprint, refusals } = narrowBlueprint(blueprintOf(open), blueprintOf(open), standing('by hand\n'))
  expect(refusals).toEqual([])
  expect([...blueprint.only!]).toEqual([])
})

it.each([
  ['active', true],
  ['inactive', false],
  ['failed', false],
])('notifies what runs of a change, and does not start what does not: %s', (active, isNotified) => {
  const unit = { kind: 'unit', name: 'haproxy.service', state: 'running' } as const
  const withUnit = (content: string): Blueprint => ({
    ...blueprintOf(content),
    parts: [{ component: 'haproxy', resources: [{ ...file(content), onChange: 'reload' }, unit] }],
  })
  const observed = standing(open)
  const observation = {
    ...observed,
    resources: new Map([
      ...observed.resources,
      ['unit', new Map([[unit.name, { active, enabled: 'enabled', activated: new Map() }]])],
    ]),
  } as Observation
  const { blueprint } = narrowBlueprint(withUnit(open), withUnit(closed), observation)
  expect(blueprint.only?.has(`unit ${unit.name}`)).toBe(isNotified)
})
