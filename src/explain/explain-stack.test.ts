import { describe, expect, it } from 'vitest'
import { components } from '../components/index.ts'
import type { Stack } from '../stack/stack.ts'
import type { Explained } from './explained.ts'
import { explainStack, emitOnce } from './explain-stack.ts'
import { narrowExplanation } from './narrow-explanation.ts'
import { renderExplanation } from './render-explanation.ts'
import { standIns } from './testing/components.ts'
import { five, forty, labStack, nine } from '../components/testing/stacks.ts'
import { plainStyle } from './text.ts'

const render = (explained: Explained): string => renderExplanation(explained, { width: 80, style: plainStyle })
const explainWith = (counts: typeof five): Explained => explainStack(labStack(standIns, counts), standIns)

describe('explainStack', () => {
  it.each([
    ['five', five],
    ['nine', nine],
  ] as const)('tells of %s servers', async (name, counts) => {
    await expect(`${render(explainWith(counts))}\n`).toMatchFileSnapshot(`goldens/explain-${name}.txt`)
  })

  it.each([
    ['lb-2', nine],
    ['app', forty],
    ['db-1', { ...five, database: 2 }],
  ] as const)('tells of %s alone', async (name, counts) => {
    const narrowed = narrowExplanation(explainWith(counts), name)
    await expect(`${render(narrowed!)}\n`).toMatchFileSnapshot(`goldens/explain-${name}-alone.txt`)
  })

  it('knows no server that is not there', () => {
    expect(narrowExplanation(explainWith(five), 'web-2')).toBeUndefined()
  })

  it('is plain data', () => {
    const explained = explainWith(nine)
    expect(JSON.parse(JSON.stringify(explained))).toEqual(explained)
  })
})

describe('emitOnce', () => {
  it('groups the servers that say the same, and leaves out those that say nothing', () => {
    const told = emitOnce([
      ['web-1', 'a'],
      ['web-2', 'b'],
      ['web-3', 'a'],
      ['web-4', undefined],
    ])
    expect(told).toEqual([
      { servers: ['web-1', 'web-3'], text: 'a' },
      { servers: ['web-2'], text: 'b' },
    ])
  })
})

/** What the real components say, whatever their words: these are promises to the reader, not goldens. */
describe('the explanations of the real components', () => {
  const stacks: Readonly<Record<string, Stack>> = Object.fromEntries(
    Object.entries({
      five,
      nine,
      forty,
      'two databases': { ...five, database: 2 },
      'one balancer': { ...five, balancer: 1 },
    }).map(([name, counts]) => [name, labStack(components, counts)]),
  )

  it.each(Object.entries(stacks))('fit into 80 columns: %s', (_name, stack) => {
    const explained = explainStack(stack, components)
    const texts = [explained, ...explained.tiers.map(({ tier }) => narrowExplanation(explained, tier)!)].map(render)
    expect(
      texts
        .join('\n')
        .split('\n')
        .filter((line) => line.length > 80),
    ).toEqual([])
    expect(texts.join('\n')).not.toMatch(/undefined|NaN|\[object/)
  })

  it.each(Object.entries(stacks))('are told once for each tier: %s', (_name, stack) => {
    const repeated = explainStack(stack, components).tiers.flatMap(({ components: told }) =>
      told.filter(({ what, why, whenItDies }) => [what, why, whenItDies].some((list) => list.length > 1)),
    )
    expect(repeated.map(({ name }) => name)).toEqual([])
  })
})
