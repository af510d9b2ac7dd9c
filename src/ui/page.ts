import type { Tone } from './tone.ts'

/** Text is easiest to read up to about this width, however wide the terminal is. */
const widestText = 96

/** How wide a table may be on this terminal, or in a pipe. */
export const tableWidth = (): number => process.stdout.columns ?? 80

/** How texts of `explain/` are set on this terminal, or in a pipe. */
export function pageOptions(tone: Tone) {
  return {
    width: Math.min(process.stdout.columns ?? 80, widestText),
    style: { strong: tone.bold, dim: tone.dim, good: tone.green, warning: tone.yellow, bad: tone.red },
  }
}
