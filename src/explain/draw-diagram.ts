import type { Component } from '../components/component.ts'
import type { Stack } from '../stack/stack.ts'
import { tiersOf } from '../stack/tiers.ts'
import { isEverywhere } from './is-everywhere.ts'
import { namePoints, singlePointsOfFailure } from './single-points.ts'
import { countOf } from '../speech/count-of.ts'
import { listNames } from './text.ts'
import { drawGap } from './diagram/draw-arrows.ts'
import { drawBand } from './diagram/draw-band.ts'
import { drawEntry, drawFooter, drawHeader } from './diagram/draw-frame.ts'
import { type Layout, layOut, page } from './diagram/lay-out.ts'
import { styleSheet } from './diagram/palette.ts'
import { element, escape, rectangle } from './diagram/svg.ts'

/**
 * A picture of the stack as a standalone SVG: visitors on top, a band for each tier, an arrow for each link, single
 * points of failure marked. It brings no fonts, follows the reader's light or dark, and prints in light.
 */
export function drawDiagram(stack: Stack, components: readonly Component[]): string {
  const layout = layOut(stack, components)
  const [balancers] = layout.bands
  const points = singlePointsOfFailure(stack)
  const weak = new Set(points.flatMap(({ servers }) => servers))
  const everywhere = components.filter((one) => isEverywhere(one, stack))
  const parts = [
    `<title>${escape(describe(stack))}</title>`,
    `<style>\n${styleSheet(tiersOf(stack))}\n</style>`,
    drawHeads(stack),
    rectangle({ x: 0.5, y: 0.5, width: page.width - 1, height: layout.height - 1 }, 16, 'page'),
    drawHeader(stack),
    ...layout.bands.map((band) => drawBand(stack, band, weak)),
    drawEntry(stack, layout, balancers!, weak),
    ...drawGaps(stack, layout, weak),
    drawFooter(
      points,
      layout.footer,
      everywhere.map(({ name }) => name),
    ),
  ]
  const { height } = layout
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${page.width} ${height}`,
    width: page.width,
    height,
    role: 'img',
  }
  return `${element('svg', frame, ['\n', parts.join('\n'), '\n'])}\n`
}

function describe(stack: Stack): string {
  const names = namePoints(singlePointsOfFailure(stack))
  const rest = names.length === 0 ? 'no single point of failure' : `single points of failure: ${listNames(names)}`
  return `${stack.name}: ${countOf(stack.servers.length, 'server')} in ${countOf(tiersOf(stack).length, 'tier')}, ${rest}`
}

const drawGaps = (stack: Stack, { gaps, bands }: Layout, weak: ReadonlySet<string>): readonly string[] =>
  gaps.map((gap, index) => drawGap(stack, gap, bands[index]!, bands[index + 1]!, weak))

/** Arrowheads, one for each colour of line. */
function drawHeads(stack: Stack): string {
  const heads = (['visitors', ...tiersOf(stack)] as const).map((end) =>
    element(
      'marker',
      {
        id: `${end}-head`,
        viewBox: '0 0 10 10',
        refX: 6,
        refY: 5,
        markerWidth: 8,
        markerHeight: 8,
        markerUnits: 'userSpaceOnUse',
        orient: 'auto',
      },
      [element('path', { d: 'M0 0.8L9 5L0 9.2z', class: end === 'visitors' ? 'head' : `${end}-ink` })],
    ),
  )
  return element('defs', {}, heads)
}
