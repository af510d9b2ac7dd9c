import type { Tone } from './tone.ts'

/** Text is easiest to read up to about this width, however wide the terminal is. */
const widestText = 96

/** How wide a table may be on this terminal, or in a pipe. */
export const tableWidth = (): number => process.stdout.columns ?? 80

/** The terminal: its columns and, where somebody looks at one, its rows. A pipe has 80 columns and no end. */
export const screen = (): { readonly width: number; readonly rows?: number } => ({
  width: tableWidth(),
  ...(process.stdout.isTTY && { rows: process.stdout.rows }),
})

/** Width and styles for texts of `explain/`, on this terminal or in a pipe. */
export function textLayout(tone: Tone) {
  return {
    width: Math.min(process.stdout.columns ?? 80, widestText),
    style: { strong: tone.bold, dim: tone.dim, good: tone.green, warning: tone.yellow, bad: tone.red },
  }
}
