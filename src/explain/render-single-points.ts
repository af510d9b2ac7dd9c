import type { OutsideLimit } from './limits-outside.ts'
import { namePoints, type SinglePoint } from './single-points.ts'
import { countOf } from '../speech/count-of.ts'
import { besideLabel, capitalize, type RenderOptions, wrapText } from './text.ts'

const column = 14

/** The single points of failure, each with what it means and the change that removes it. */
export function renderSinglePoints(points: readonly SinglePoint[], options: RenderOptions): readonly string[] {
  const { style, width } = options
  if (points.length === 0) {
    const text = 'No single point of failure among the servers: any one of them can die, and the site stays up.'
    return wrapText(text, width).map((line) => style.good(line))
  }
  const title = capitalize(`${countOf(namePoints(points).length, 'single point')} of failure`)
  return [style.strong(title), ...points.flatMap((point) => ['', ...renderPoint(point, options)])]
}

function renderPoint(point: SinglePoint, { width, style }: RenderOptions): readonly string[] {
  const inner = { width: width - 2, style }
  const paint = (text: string): string => style.warning(text)
  const change = `→ ${point.change}  (${point.cost})`
  return [
    ...besideLabel(point.what, point.consequence, column, inner, paint),
    ...besideLabel('', change, column, inner),
  ].map((line) => `  ${line}`)
}

/** What no number of servers helps against. */
export function renderOutside(limits: readonly OutsideLimit[], options: RenderOptions): readonly string[] {
  const inner = { ...options, width: options.width - 2 }
  const rows = limits.flatMap(({ what, why }) => besideLabel(what, why, column + 4, inner).map((line) => `  ${line}`))
  return [options.style.strong('Outside of the stack, where more servers do not help'), '', ...rows]
}
