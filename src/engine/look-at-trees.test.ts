import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { createBlueprint } from '../blueprint/blueprint.ts'
import { components } from '../components/index.ts'
import { contextFor, nineServers } from '../components/testing/stacks.ts'
import type { Answers, Observation } from '../observation/observation.ts'
import { firstStackState } from '../stack/stack-state.ts'
import { createMemoryTransport } from '../transport/memory-transport.ts'
import { lookAtTrees } from './look-at-trees.ts'

const stack = nineServers(components)
const stackState = { ...firstStackState('r2'), kept: ['r3', 'r2', 'r1'] }
const blueprints = ['app-1', 'app-2'].map((name) =>
  createBlueprint(components, { ...contextFor(stack, name), stackState }),
)
const [wanted, older] = ['/srv/app/releases/r2', '/srv/app/releases/r1'] as const

const answersOf = (is: 'idle' | 'whole'): Answers =>
  new Map(
    blueprints.map(({ server }) => [
      server.name,
      {
        resources: new Map([
          [
            'tree',
            new Map([
              [wanted, { is }],
              [older, { is: 'idle' }],
            ]),
          ],
        ]),
      } as unknown as Observation,
    ]),
  )

async function look(answers: Answers, said: (mark: string) => string) {
  const asked: string[] = []
  const transport = createMemoryTransport((script, { server }) => {
    asked.push(`${server.name} ${/for tree in (.*); do/.exec(script)?.[1]}`)
    return { stdout: said(/printf '%s %s ' (\w+)/.exec(script)![1]!) }
  })
  const connect = ({ name }: { readonly name: string }) => transport.connect({ name, destination: name })
  const looked = await lookAtTrees(blueprints, answers, { connect })
  const facts = [...looked.values()].map((answer) => (answer as Observation).resources.get('tree'))
  return { asked, facts }
}

const framed = (answer: string) => (mark: string) => `${mark} trees ${Buffer.from(answer).toString('base64')}\n`

describe('a look at trees that nothing has used so far', () => {
  it('is had at those that are wanted, on each server', async () => {
    const { asked, facts } = await look(answersOf('idle'), framed(`${wanted}\tchanged\t1\t./server.js\n`))
    expect(asked.toSorted()).toEqual([`app-1 ${wanted}`, `app-2 ${wanted}`])
    for (const found of facts)
      expect([...found!]).toEqual([
        [wanted, { is: 'changed', count: 1, examples: ['./server.js'] }],
        [older, { is: 'idle' }],
      ])
  })

  it('is not had at those that were looked at', async () => {
    expect((await look(answersOf('whole'), framed(''))).asked).toEqual([])
  })

  it.each<readonly [string, (mark: string) => string]>([
    ['says nothing', () => ''],
    ['answers another question', () => framed(`${wanted}\twhole\n`)('f'.repeat(32))],
    ['speaks of another tree', framed(`${older}\twhole\n`)],
    ['says what cannot be', framed(`${wanted}\tperfect\n`)],
  ])('leaves them as they are where a server %s: they are compared before they are used', async (_, said) => {
    for (const found of (await look(answersOf('idle'), said)).facts)
      expect([...found!.values()]).toEqual([{ is: 'idle' }, { is: 'idle' }])
  })
})
