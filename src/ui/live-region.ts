import { displayWidth, truncate } from './display-width.ts'
import { inOneLine } from './in-one-line.ts'
import { shown } from './shown.ts'
import type { Output } from './view.ts'

/** Lines at the bottom of a terminal that are redrawn, while finished lines scroll up above them. */
export interface LiveRegion {
  /** Prints `finished` once, and draws `live` under it in place of the last drawing. */
  draw(finished: readonly string[], live: readonly string[]): void
  /** Leaves what is drawn as it is; the next drawing begins below it. */
  release(): void
}

const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'
const clearBelow = '\u001B[J'

/**
 * Live lines are cut to the width of the terminal and to its height, so that what is drawn can be erased; after
 * the terminal was made narrower, the rows into which the old lines were broken are counted.
 */
export function createLiveRegion(stream: Output): LiveRegion {
  let drawn: readonly string[] = []
  let hidden = false

  return {
    draw(finished, live) {
      const columns = Math.max(stream.columns ?? 80, 10)
      const drawing = fit(live, columns - 1, Math.max((stream.rows ?? 24) - 2, 1))
      const rowsUp = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0)
      const cursor = drawing.length > 0 === hidden ? '' : drawing.length > 0 ? hideCursor : showCursor
      hidden = drawing.length > 0
      const back = rowsUp > 0 ? `\u001B[${rowsUp}A\r` : '\r'
      stream.write(
        `${cursor}${back}${clearBelow}${[...finished.map(shown), ...drawing].map((line) => `${line}\n`).join('')}`,
      )
      drawn = drawing
    },
    release() {
      drawn = []
      if (hidden) stream.write(showCursor)
      hidden = false
    },
  }
}

function fit(lines: readonly string[], columns: number, rows: number): readonly string[] {
  const kept = lines.length <= rows ? lines : [...lines.slice(0, rows - 1), `  … and ${lines.length - rows + 1} more`]
  return kept.map((line) => truncate(shown(inOneLine(line)), columns))
}
