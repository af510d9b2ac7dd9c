import { createTwoFilesPatch } from 'diff'
import type { Step } from '../resources/resource.ts'
import type { Tone } from './tone.ts'
import { wrapLetters } from './wrap-cell.ts'

/** Diffs that were shown already, with the server on which: the same one on eighty servers is shown once. */
export type Shown = Map<string, string>

const longestDiff = 60
const indent = ' '.repeat(10)

/** What changes in a file, below its step. */
export function showDiff(
  { name, diff, action }: Step,
  server: string,
  shown: Shown,
  { tone, width = Infinity }: { readonly tone: Tone; readonly width?: number },
): readonly string[] {
  if (diff === undefined || action === 'create') return []
  const key = JSON.stringify([name, changedRows(diff)])
  const same = shown.get(key)
  if (same !== undefined) return [indent + tone.dim(`the same as on ${same}`)]
  shown.set(key, server)
  const rows = rowsOf(diff)
  const first = rows
    .slice(0, longestDiff)
    .flatMap((row) =>
      wrapLetters(row, width - indent.length).map(
        (piece, index) => indent + tint(row, (index === 0 ? '' : '  ') + piece, tone),
      ),
    )
  if (rows.length <= longestDiff) return first
  return [...first, indent + tone.dim(`… ${rows.length - longestDiff} more lines`)]
}

/** What is added and what goes. Lines around it differ by themselves, such as where a server is told its own name. */
export const changedRows = (diff: NonNullable<Step['diff']>): readonly string[] =>
  rowsOf(diff).filter((row) => row.startsWith('+') || row.startsWith('-'))

const rowsOf = ({ before, after }: NonNullable<Step['diff']>): readonly string[] =>
  createTwoFilesPatch('', '', before, after, '', '', { context: 2 })
    .split('\n')
    .slice(4)
    .filter((row) => row !== '' && !row.startsWith('\\'))

function tint(row: string, piece: string, tone: Tone): string {
  if (row.startsWith('+')) return tone.green(piece)
  return row.startsWith('-') ? tone.red(piece) : tone.dim(piece)
}
