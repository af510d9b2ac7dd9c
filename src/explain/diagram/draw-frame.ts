import { publicAddress, type Stack } from '../../stack/stack.ts'
import { namePoints, type SinglePoint } from '../single-points.ts'
import { tiersOf } from '../../stack/tiers.ts'
import { countOf } from '../../speech/count-of.ts'
import { listNames, wrapText } from '../text.ts'
import { drawCurve } from './draw-arrows.ts'
import { axis, type Band, type Layout, page, topOf } from './lay-out.ts'
import { element, group, type Point, rectangle, text, textLines, widthOf } from './svg.ts'

/** The name of the stack, and how large it is. */
export function drawHeader(stack: Stack): string {
  return group([
    text({ x: page.margin, y: 58 }, stack.name, 'stack'),
    text(
      { x: page.margin, y: 82 },
      `${countOf(stack.servers.length, 'server')} in ${countOf(tiersOf(stack).length, 'tier')}`,
      'quiet',
    ),
  ])
}

/** Visitors, and the way in: through the virtual address to the balancer that holds it. */
export function drawEntry(stack: Stack, { visitors }: Layout, balancers: Band, weak: ReadonlySet<string>): string {
  const pill = { x: visitors.x - 66, y: visitors.y - 20, width: 132, height: 40 }
  const people = [
    rectangle(pill, 20, 'plain'),
    drawPerson(pill.x + 24, visitors.y),
    text({ x: visitors.x + 12, y: visitors.y + 5 }, 'visitors', 'bold', 'middle'),
  ]
  const targets = balancers.boxes.map((box) => topOf(box, weak))
  if (stack.virtualAddress === undefined || balancers.density !== 'roomy') {
    const address = text({ x: visitors.x + 14, y: visitors.y + 50 }, publicAddress(stack), 'small mono quiet')
    return group([...people, drawStraight({ x: visitors.x, y: pill.y + 40 }, targets[0]!.y), address])
  }
  return group([
    ...people,
    drawStraight({ x: visitors.x, y: pill.y + 40 }, balancers.y - 24),
    ...drawAddress(stack, balancers, targets),
  ])
}

function drawAddress(stack: Stack, band: Band, targets: readonly Point[]): readonly string[] {
  const address = publicAddress(stack)
  const width = widthOf(address, 13, 'mono') + widthOf('virtual address', 12) + 46
  const pill = { x: axis - width / 2, y: band.y - 17, width, height: 34 }
  const curves = targets.map((target, index) =>
    drawCurve({ x: axis, y: pill.y + 34 }, target, { tier: 'balancer', isStandby: index > 0, isWide: false }),
  )
  return [
    ...curves.toReversed(),
    rectangle(pill, 17, 'balancer-box'),
    text({ x: pill.x + 18, y: band.y + 5 }, address, 'mono bold'),
    text({ x: pill.x + width - 18, y: band.y + 4.5 }, 'virtual address', 'small quiet', 'end'),
  ]
}

const drawStraight = (from: Point, y: number): string =>
  element('path', { d: `M${from.x} ${from.y}V${y}`, class: 'line', 'marker-end': 'url(#visitors-head)' })

const drawPerson = (x: number, y: number): string =>
  element('circle', { cx: x, cy: y - 5, r: 4.5, class: 'quiet' }) +
  element('path', { d: `M${x - 8} ${y + 10}a8 8 0 0 1 16 0z`, class: 'quiet' })

/** What the picture says in one sentence, and how to read its lines. */
export function drawFooter(points: readonly SinglePoint[], y: number, everywhere: readonly string[]): string {
  const x = page.margin + 8
  const names = namePoints(points)
  const isWell = names.length === 0
  const verdict = isWell
    ? 'No single point of failure: any one server can die'
    : `${countOf(names.length, 'single point')} of failure: ${listNames(names)}`
  const changes = isWell ? [] : wrapText(`→ ${points.map(({ change }) => change).join(', ')}`, 84).slice(0, 2)
  const also = everywhere.length === 0 ? [] : [`on every server: ${everywhere.join(', ')}`]
  return group([
    element('circle', { cx: x, cy: y - 4.5, r: 5, class: isWell ? 'good' : 'danger' }),
    text({ x: x + 16, y }, verdict.charAt(0).toUpperCase() + verdict.slice(1), 'bold'),
    textLines({ x: x + 16, y: y + 21 }, changes, 17, 'tiny mono quiet'),
    text({ x: x + 16, y: y + 21 + changes.length * 17 }, also.join(''), 'small quiet'),
    drawLegend(y),
  ])
}

function drawLegend(y: number): string {
  const x = page.width - page.margin - 150
  const rows = [
    { className: 'flow balancer-line', what: 'in use' },
    { className: 'flow balancer-line standby', what: 'takes over' },
    { className: 'pair balancer-line', what: 'keep in touch' },
  ]
  return rows
    .map(({ className, what }, index) => {
      const top = y + index * 19
      return (
        element('path', { d: `M${x} ${top - 4}h40`, class: className }) +
        text({ x: x + 52, y: top }, what, 'small quiet')
      )
    })
    .join('\n')
}
