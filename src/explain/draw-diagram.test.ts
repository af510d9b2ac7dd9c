import { describe, expect, it } from 'vitest'
import { components } from '../components/index.ts'
import type { Stack } from '../stack/stack.ts'
import { drawDiagram } from './draw-diagram.ts'
import { drawTextDiagram } from './draw-text-diagram.ts'
import { standIns } from './testing/components.ts'
import { everything, five, forty, labStack, nine, siteStack } from '../components/testing/stacks.ts'

const sizes = { five, nine, forty } as const
const huge = labStack(standIns, { balancer: 20, web: 80, app: 80, database: 7 })
const named = siteStack(standIns, { balancer: ['lb&a'], web: ['w'], app: ['a'], database: ['d'] })

describe('drawDiagram', () => {
  it.each(Object.entries(sizes))('draws %s servers', async (name, counts) => {
    await expect(drawDiagram(labStack(standIns, counts), standIns)).toMatchFileSnapshot(`goldens/diagram-${name}.svg`)
  })

  it('names the programs beside the app, and an etcd member only where there is one', () => {
    const svg = drawDiagram(everything(components), components)
    for (const name of ['worker', 'clock', 'report']) expect(svg).toContain(name)
    expect(drawTextDiagram(everything(components))).toContain('with worker, clock, report')
    const fourDatabases = drawDiagram(labStack(components, { ...five, database: 4 }), components)
    expect(fourDatabases.match(/>etcd</g)).toHaveLength(5)
  })

  it('stands alone: nothing is fetched, nothing is run', () => {
    const svg = drawDiagram(labStack(standIns, nine), standIns)
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|<script|href=/)
  })

  it('draws what is auxiliary on one balancer on that one alone', () => {
    const stack = labStack(components, { ...nine, database: 4 })
    const boxes = drawDiagram(stack, components).split('class="name"')
    const namesIn = (server: string): readonly string[] =>
      [
        ...boxes.find((box) => box.startsWith(`>${server}<`))!.matchAll(/balancer-ink" text-anchor="middle">([^<]+)/g),
      ].map(([, name]) => name!)
    expect(namesIn('lb-1')).toEqual(['etcd', 'observer', 'haproxy', 'keepalived'])
    expect(namesIn('lb-2')).toEqual(['haproxy', 'keepalived'])
  })

  it('marks each single point of failure', () => {
    const marks = (stack: Stack): number => drawDiagram(stack, standIns).split('>single point of failure<').length - 1
    expect([marks(labStack(standIns, five)), marks(labStack(standIns, nine))]).toEqual([3, 0])
  })

  it.each([
    ['as many servers as a config allows', huge],
    ['names of SSH destinations', named],
  ])('keeps every box on the page: %s', (_title, stack) => {
    const svg = drawDiagram(stack, standIns)
    const boxes = [...svg.matchAll(/<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)"/g)]
    const height = Number(/viewBox="0 0 960 ([\d.]+)"/.exec(svg)?.[1])
    const outside = boxes.filter(
      ([, x, y, width, tall]) => Number(x) + Number(width) > 960 || Number(y) + Number(tall) > height || Number(x) < 0,
    )
    expect(outside).toEqual([])
    expect(svg).not.toMatch(/NaN|undefined|&a</)
  })
})

describe('drawTextDiagram', () => {
  it.each(Object.entries(sizes))('draws %s servers in eight lines', async (name, counts) => {
    const drawn = drawTextDiagram(labStack(standIns, counts))
    expect(drawn.split('\n')).toHaveLength(8)
    await expect(`${drawn}\n`).toMatchFileSnapshot(`goldens/text-diagram-${name}.txt`)
  })

  it('is never wider than 80 columns', () => {
    expect(
      Math.max(
        ...drawTextDiagram(huge)
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(80)
  })
})
