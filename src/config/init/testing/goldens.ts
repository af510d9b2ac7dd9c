import { join } from 'node:path'

/** Each is a folder, what stands for it below `--- path`, and after the line of dashes what `init` makes of it. */
export const goldens = join(import.meta.dirname, '../goldens')
export const separator = '----------\n'

/** Reads `--- path` and the lines below it. */
export function filesIn(input: string): Readonly<Record<string, string>> {
  const parts = input.split(/^--- /m).slice(1)
  return Object.fromEntries(
    parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const),
  )
}
