import { linksOutOf, type Stack } from '../../stack/stack.ts'
import { axis, type Band, type Gap, leftColumn, topOf } from './lay-out.ts'
import { heightOfLabels, labelLine, labelSpace } from './link-labels.ts'
import { element, group, type Point, text, textLines } from './svg.ts'

interface End extends Point {
  /** The line to it is thick, for it stands for a whole tier. */
  readonly isMany: boolean
}

/** The arrows from one tier to the next, and beside them what they mean. */
export function drawGap(stack: Stack, gap: Gap, from: Band, to: Band, weak: ReadonlySet<string>): string {
  const service = linksOutOf(stack, gap.from).find((link) => link.to === gap.to && link.service !== undefined)?.service
  const starts = leavesOf(from)
  const targets = arrivalsAt(to, weak)
  const curves = targets.flatMap((target, index) =>
    starts.map((start) =>
      drawCurve(start, target, {
        tier: gap.from,
        isStandby: service?.mode === 'primary' && index > 0,
        isWide: start.isMany && target.isMany,
      }),
    ),
  )
  // Dashed lines go below the solid ones.
  const isMesh = curves.length > 9
  return group([group(curves.toReversed(), isMesh ? { class: 'mesh' } : {}), drawLabels(gap)])
}

/** Each server, while they can be told apart; the middle of the band otherwise. */
function leavesOf({ boxes, density, y, height }: Band): readonly End[] {
  if (density !== 'roomy') return [{ x: axis, y: y + height - 14, isMany: true }]
  return boxes.map((box) => ({ x: box.x + box.width / 2, y: box.y + box.height, isMany: false }))
}

function arrivalsAt({ boxes, density, y }: Band, weak: ReadonlySet<string>): readonly End[] {
  if (density !== 'roomy') return [{ x: axis, y: y + 14, isMany: true }]
  return boxes.map((box) => ({ ...topOf(box, weak), isMany: false }))
}

interface Curve {
  readonly tier: string
  readonly isStandby: boolean
  readonly isWide: boolean
}

/** An arrow that leaves downwards and arrives downwards. */
export function drawCurve(from: Point, to: Point, { tier, isStandby, isWide }: Curve): string {
  const bend = (to.y - from.y) * 0.5
  const d = `M${from.x} ${from.y}C${from.x} ${from.y + bend} ${to.x} ${to.y - bend} ${to.x} ${to.y}`
  const className = `flow ${tier}-line${isStandby ? ' standby' : ''}${isWide ? ' wide' : ''}`
  return element('path', { d, class: className, 'marker-end': `url(#${tier}-head)` })
}

function drawLabels({ from, y, height, labels }: Gap): string {
  let top = y + (height - heightOfLabels(labels)) / 2 + 12
  return labels
    .map(({ port, why }) => {
      const head = text({ x: leftColumn.x, y: top }, `↓ ${port}`, `small mono bold ${from}-ink`)
      const body = textLines({ x: leftColumn.x + 15, y: top + labelLine }, why, labelLine, 'small quiet')
      top += (1 + why.length) * labelLine + labelSpace
      return `${head}\n${body}`
    })
    .join('\n')
}
