import { describe, expect, it } from 'vitest'
import { createBlueprint } from '../../src/blueprint/blueprint.ts'
import { components } from '../../src/components/index.ts'
import { contextFor, nineServers, smallerStacks } from '../../src/components/testing/stacks.ts'
import { drawDiagram } from '../../src/explain/draw-diagram.ts'
import { drawTextDiagram } from '../../src/explain/draw-text-diagram.ts'
import { explainStack } from '../../src/explain/explain-stack.ts'
import { renderExplanation } from '../../src/explain/render-explanation.ts'
import { plainStyle } from '../../src/explain/text.ts'
import type { Answers, Observation } from '../../src/observation/observation.ts'
import { createPlan } from '../../src/plan/create-plan.ts'
import { bareServer, soundServer } from '../../src/plan/testing/sound-server.ts'
import { findGivenUpData } from '../../src/preflight/find-given-up-data.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { tiersOf } from '../../src/stack/tiers.ts'
import { summarise } from '../../src/status/summarise.ts'
import { showStatus } from '../../src/ui/show-status.ts'
import { createTone } from '../../src/ui/tone.ts'

/** Stacks that lack a tier: all that is said and done of a stack holds for them, too. */
const stacks = Object.entries(smallerStacks(components))

const blueprintsOf = (stack: Stack) =>
  stack.servers.map(({ name }) => createBlueprint(components, contextFor(stack, name)))
const sound = (stack: Stack): Answers =>
  new Map(blueprintsOf(stack).map((blueprint) => [blueprint.server.name, soundServer(blueprint, stack.name)]))

/** The same, and one balancer has the address. */
function serving(stack: Stack): Answers {
  const answers = sound(stack)
  const balancer = answers.get('lb-1') as Observation
  const health = new Map(balancer.health).set('keepalived', { state: 'well', isLeader: true })
  return new Map([...answers, ['lb-1', { ...balancer, health }]])
}

describe.each(stacks)('%s', (name, stack) => {
  const file = `goldens/tiers/${name.replaceAll(' ', '-')}`

  it('is set up by a plan, after which nothing is left to do', () => {
    const bare: Answers = new Map(stack.servers.map((server) => [server.name, bareServer(server)]))
    const first = createPlan(stack, blueprintsOf(stack), bare, components)
    expect(first.refusals).toEqual([])
    expect(new Set(first.waves.flatMap(({ changes }) => changes.map(({ server }) => server.name)))).toEqual(
      new Set(stack.servers.map((server) => server.name)),
    )
    const again = createPlan(stack, blueprintsOf(stack), sound(stack), components)
    expect(again.waves).toEqual([])
    expect(again.warnings).toEqual([])
  })

  it('has links among its own tiers alone', () => {
    const ends = new Set(stack.links.flatMap(({ from, to }) => [from, to]))
    expect([...tiersOf(stack), 'servers', 'visitors', 'operators', 'outside']).toEqual(
      expect.arrayContaining([...ends]),
    )
  })

  it('is explained without a word of what it lacks', async () => {
    const explained = explainStack(stack, components)
    const text = renderExplanation(explained, { width: 100, style: plainStyle })
    await expect(`${drawTextDiagram(stack)}\n\n${text}\n`).toMatchFileSnapshot(`${file}.explain.txt`)
    if (name !== 'a database elsewhere') expect(text).not.toMatch(/database|etcd|PostgreSQL|Patroni/i)
    expect(drawDiagram(stack, components)).toContain('<svg')
  })

  it('is well without what it lacks', async () => {
    const { state, ...report } = summarise(stack, serving(stack))
    expect(state).toBe('well')
    await expect(`${showStatus({ ...report, state }, createTone({ isTTY: false }))}\n`).toMatchFileSnapshot(
      `${file}.status.txt`,
    )
  })
})

describe('a database that has left the file', () => {
  const before = nineServers(components)
  const after = smallerStacks(components)['an app without a database']!
  const removed = before.servers.filter(({ tier }) => tier === 'database')
  const found = (answers: Answers) => findGivenUpData(after, removed, answers, components).map(({ server }) => server)

  it('is not taken away with its data', () => {
    expect(found(sound(before))).toEqual(['db-1', 'db-2', 'db-3'])
    expect(found(new Map([['db-1', { unreachable: 'no answer' }]]))).toEqual(['db-1', 'db-2', 'db-3'])
  })

  it('is no obstacle once it was cleared, or where another server has the data', () => {
    expect(found(new Map(removed.map((server) => [server.name, bareServer(server)])))).toEqual([])
    expect(findGivenUpData(before, removed.slice(2), sound(before), components)).toEqual([])
  })
})
