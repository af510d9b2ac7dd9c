import type { OutputFlags } from '../ui/output.ts'

/**
 * How a command wants to be answered, and which stack it is about, read before anything else is: failures are told so even
 * where the command line is wrong. What follows `--` belongs to another program.
 */
export function readOutputFlags(words: readonly string[]): OutputFlags & { readonly lab: boolean } {
  const end = words.indexOf('--')
  const own = end === -1 ? words : words.slice(0, end)
  const at = own.indexOf('--config')
  const config = at === -1 ? own.find((word) => word.startsWith('--config='))?.slice('--config='.length) : own[at + 1]
  return { json: own.includes('--json'), lab: own.includes('--lab'), ...(config !== undefined && { config }) }
}
