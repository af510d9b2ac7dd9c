import { nodeMajors } from '../values/node-releases.ts'

export const defaultNode = '24'

/**
 * The major version of Node.js for a range as package.json has it, or for a version as .nvmrc has it: the default
 * where the range is open upwards or says nothing, else the highest that it names.
 */
export function nodeMajorFor(range: string | undefined): string {
  const text = range?.trim() ?? ''
  const [, orEqual, bound] = /<(=?)\s*v?(\d+)/.exec(text) ?? []
  if (bound !== undefined) return clamp(Math.min(Number(bound) - (orEqual === '' ? 1 : 0), Number(defaultNode)))
  const majors = [...text.matchAll(/(?<![\d.])v?(\d+)(?:\.[\dx*]+)*/g)].map(([, major]) => Number(major))
  if (majors.length === 0) return defaultNode
  const highest = Math.max(...majors)
  return clamp(/>/.test(text) ? Math.max(highest, Number(defaultNode)) : highest)
}

/** The next one that is known, for what is too old or between two. */
const clamp = (major: number): string => nodeMajors.find((known) => Number(known) >= major) ?? nodeMajors.at(-1)!
