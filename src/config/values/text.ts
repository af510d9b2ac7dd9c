import type { Judge } from './objection.ts'

/** Objects to commands that systemd could not hold in one line. */
export const judgeCommand: Judge = (value) =>
  value.includes('\n')
    ? { reason: 'it must be one line; several commands go into a script, or are joined with &&' }
    : undefined

/** Objects to folders that lead out of the one they are seen from. */
export const judgeInnerFolder: Judge = (value) => {
  const suggestion = "write it as seen from `app.source`, as in 'public'"
  if (/^(\.\/*)*$/.test(value)) return { reason: 'the whole release would be public, with its code', suggestion }
  if (value.startsWith('/') || value.startsWith('~')) return { reason: 'it must lie inside the release', suggestion }
  if (value.split('/').includes('..')) return { reason: 'it must not lead out of the release', suggestion }
  return undefined
}

/** Objects to health paths that HAProxy could not ask for. */
export const judgeHealthPath: Judge = (value) => {
  if (/\s/.test(value)) return { reason: 'a path has no spaces' }
  if (value.startsWith('/')) return undefined
  const path = value.replace(/^\w+:\/\/[^/]*/, '').replace(/^\/*/, '/')
  return { reason: 'it must start with a slash', suggestion: `write '${path}'` }
}

/** Objects to what is not a major version of Node.js that still gets fixes or did when Trimaran was written. */
export const judgeNodeVersion: Judge = (value) => {
  const [, major] = /^v?(\d+)(?:\.(?:\d+|x))*$/.exec(value.trim()) ?? []
  if (major === undefined) return { reason: "it must be a major version of Node.js, such as '24'" }
  if (Number(major) < 18) return { reason: 'Node.js 18 is the oldest that runs here', suggestion: "write '24'" }
  return major === value ? undefined : { reason: 'only the major version is stated', suggestion: `write '${major}'` }
}

/** Debian's rule for names (Policy 5.6.1). */
export const judgePackageName: Judge = (value) =>
  /^[a-z0-9][a-z0-9+.-]+$/.test(value)
    ? undefined
    : { reason: "it is not the name of a Debian package, such as 'python3'" }
