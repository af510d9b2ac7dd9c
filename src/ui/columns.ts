import { displayWidth } from './display-width.ts'
import { inOneLine } from './in-one-line.ts'

export interface ColumnsOptions {
  /** Numbers of the columns, from 0, whose text stands at the right. */
  readonly right?: readonly number[]
  /** Put before each row. */
  readonly indent?: string
  /** Between two columns; two spaces unless stated. */
  readonly gap?: string
}

/**
 * Aligns rows of cells into a text. Cells may be coloured; short rows are left short; nothing trails at line
 * ends, and no cell has more than one line.
 *
 * @example columns([['db-1', 'well'], ['balancer', 'down']]) === 'db-1      well\nbalancer  down'
 */
export function columns(rows: readonly (readonly string[])[], options: ColumnsOptions = {}): string {
  const { right = [], indent = '', gap = '  ' } = options
  const cells = rows.map((row) => row.map(inOneLine))
  const widths = widestOf(cells)
  const pad = (cell: string, index: number): string => {
    const space = ' '.repeat(widths[index]! - displayWidth(cell))
    return right.includes(index) ? space + cell : cell + space
  }
  return cells.map((row) => (indent + row.map(pad).join(gap)).trimEnd()).join('\n')
}

function widestOf(rows: readonly (readonly string[])[]): readonly number[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  return Array.from({ length: count }, (_, index) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), 0),
  )
}
