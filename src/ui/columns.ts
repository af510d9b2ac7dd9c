import { stripVTControlCharacters } from 'node:util'
import { displayWidth } from './display-width.ts'
import { inOneLine } from './in-one-line.ts'
import { wrapCell } from './wrap-cell.ts'

export interface ColumnsOptions {
  /** Numbers of the columns, from 0, whose text stands at the right. */
  readonly right?: readonly number[]
  /** Put before each row. */
  readonly indent?: string
  /** Between two columns; two spaces unless stated. */
  readonly gap?: string
  /** How wide the table may be. What `wraps` goes on in the next line, where it would be wider. */
  readonly width?: number
  /** Numbers of the columns whose text may be wrapped. */
  readonly wraps?: readonly number[]
}

/** A column is not made narrower than this. */
const narrowest = 8

/**
 * Aligns rows of cells into a text. Cells may be coloured; short rows are left short; nothing trails at line
 * ends, and no cell has more than one line, unless it is wrapped.
 *
 * @example columns([['db-1', 'well'], ['balancer', 'down']]) === 'db-1      well\nbalancer  down'
 */
export function columns(rows: readonly (readonly string[])[], options: ColumnsOptions = {}): string {
  const { right = [], indent = '', gap = '  ', width = Infinity, wraps = [] } = options
  const cells = rows.map((row) => row.map(inOneLine))
  const widths = fit(widestOf(cells), wraps, width - indent.length, gap.length)
  const pad = (cell: string, index: number): string => {
    const space = ' '.repeat(Math.max(0, widths[index]! - displayWidth(cell)))
    return right.includes(index) ? space + cell : cell + space
  }
  return cells
    .flatMap((row) => linesOf(row, widths))
    .map((row) => (indent + row.map(pad).join(gap)).trimEnd())
    .join('\n')
}

function widestOf(rows: readonly (readonly string[])[]): readonly number[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: count }, (_, index) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), 0),
  )
}

/** Makes the widest of those that may be wrapped narrower, until the table fits. */
function fit(widest: readonly number[], wraps: readonly number[], room: number, gap: number): readonly number[] {
  const widths = [...widest]
  const total = (): number => widths.reduce((sum, each) => sum + each, gap * (widths.length - 1))
  while (total() > room) {
    const [index] = wraps.filter((each) => widths[each]! > narrowest).toSorted((a, b) => widths[b]! - widths[a]!)
    if (index === undefined) break
    widths[index]! -= 1
  }
  return widths
}

/** A row as lines: what goes on stands below its own column. A cell that is wrapped loses its colours. */
function linesOf(row: readonly string[], widths: readonly number[]): readonly (readonly string[])[] {
  const wrapped = row.map((cell, index) =>
    displayWidth(cell) <= widths[index]! ? [cell] : wrapCell(stripVTControlCharacters(cell), widths[index]!),
  )
  const count = Math.max(1, ...wrapped.map((cell) => cell.length))
  return Array.from({ length: count }, (_, line) => wrapped.map((cell) => cell[line] ?? ''))
}
