import type { OutputFlags } from '../ui/output.ts'

/**
 * The flags for the output and the stack, read before all others, so that failures are shown in the right form even
 * where the command line is wrong. What follows `--` belongs to another program.
 */
export function readOutputFlags(words: readonly string[]): OutputFlags & { readonly lab: boolean } {
  const end = words.indexOf('--')
  const own = end === -1 ? words : words.slice(0, end)
  const at = own.indexOf('--config')
  const config = at === -1 ? own.find((word) => word.startsWith('--config='))?.slice('--config='.length) : own[at + 1]
  return { json: own.includes('--json'), lab: own.includes('--lab'), ...(config !== undefined && { config }) }
}
