import { trimaran } from '../speech/suggested-command.ts'

/** The first line of every file that Trimaran places. */
export const placedByTrimaran = `# Placed by Trimaran; the next ${trimaran('up')} replaces changes made here.`

/** A comment line that names the pages with the reasons for a file: `reasonsOn('pool')`. */
export const reasonsOn = (...pages: readonly string[]): string =>
  `# Why: ${pages.map((page) => `docs/decisions/${page}.md`).join(', ')}`
