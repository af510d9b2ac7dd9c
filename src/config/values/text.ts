import { majorOf, nodeMajors, nodeReleaseFor, nodeReleases } from './node-releases.ts'
import type { Check } from './objection.ts'

/** Objects to commands that systemd could not hold in one line. */
export const checkCommand: Check = (value) =>
  value.includes('\n')
    ? { reason: 'it must be one line: put several commands into a script, or join them with &&' }
    : undefined

/** Objects to what is no short sentence on one line. */
export const checkWords: Check = (value) => {
  if (/\p{Cc}/u.test(value)) return { reason: 'it must be one line' }
  return value.length > 120 ? { reason: `it has ${value.length} letters; 120 are enough` } : undefined
}

/** Objects to folders that lead out of the one they are seen from. */
export const checkInnerFolder: Check = (value) => {
  const suggestion = "write it as seen from `source`, as in 'public'"
  if (/^(\.\/*)*$/.test(value)) return { reason: 'the whole release would be public, with its code', suggestion }
  if (value.startsWith('/') || value.startsWith('~')) return { reason: 'it must lie inside the release', suggestion }
  if (value.split('/').includes('..')) return { reason: 'it must not lead out of the release', suggestion }
  return undefined
}

/** Objects to names of files that could not be found, or would not be public, in the folder of static files. */
export const checkPublicFile: Check = (value) => {
  const suggestion = "write it as seen from `web.root`, as in 'index.html'"
  if (value.split('/').some((name) => name === '' || name.startsWith('.')))
    return { reason: 'it must be a plain path inside the folder of static files', suggestion }
  return /[^\w\-.~/]/.test(value)
    ? { reason: 'it has letters that no file for every visitor needs', suggestion }
    : undefined
}

/** Objects to paths that lead out of the source, or to what is never shipped. */
export const checkShippedPath: Check = (value) => {
  const suggestion = "write it as seen from `source`, as in 'certs/client.key'"
  const names = value.split('/')
  if (value.startsWith('/') || value.startsWith('~')) return { reason: 'it must lie inside the source', suggestion }
  if (names.some((name) => name === '..' || name === '.' || name === '')) {
    return { reason: 'it must be a plain path inside the source, without . and ..', suggestion }
  }
  const never = names.find((name) => name === '.git' || name === '.trimaran')
  return never === undefined ? undefined : { reason: `${never} is never shipped: nothing on a server needs it` }
}

/** Objects to folders that could not be one folder of the release on every server. */
export const checkWritable: Check = (value) => {
  const suggestion = "write it as seen from `app.source`, as in 'storage'"
  if (value.split('/').some((name) => name === '' || name === '.' || name === '..'))
    return { reason: 'it must be a plain path inside the release, without . and ..', suggestion }
  if (/^node_modules(\/|$)/.test(value)) return { reason: 'packages are part of the release, which never changes' }
  // A server keeps it under one name.
  if (value.length > 255) return { reason: 'it has more than 255 letters' }
  return /^[\w./+-]+$/.test(value)
    ? undefined
    : { reason: 'its name has letters, digits, dots, hyphens and underscores', suggestion }
}

/** Objects to health paths that HAProxy could not ask for. */
export const checkHealthPath: Check = (value) => {
  if (/\s/.test(value)) return { reason: 'a path has no spaces' }
  if (value.startsWith('/')) return checkRequestPath(value)
  const path = value.replace(/^\w+:\/\/[^/]*/, '').replace(/^\/*/, '/')
  return { reason: 'it must start with a slash', suggestion: `write '${path}'` }
}

/** Where a request could not have it as it stands, each program on its way would read it in a way of its own. */
function checkRequestPath(value: string): ReturnType<Check> {
  if (value.includes('#')) return { reason: 'what follows # is never sent to a server' }
  const strange = value.match(/[^\w\-.~!$&'()*+,;=:@/?%]/g) ?? []
  if (strange.length > 0)
    return {
      reason: `a request has no ${[...new Set(strange)].join(' ')} in its path`,
      suggestion: `write '${value.replaceAll(/[^\w\-.~!$&'()*+,;=:@/?%]/gu, encodeURIComponent)}'`,
    }
  return /%(?![\dA-Fa-f]{2})/.test(value)
    ? { reason: 'a percent sign is followed by two digits, such as %25' }
    : undefined
}

/** Objects to versions of Node.js of which it is not known what their program is. */
export const checkNodeVersion: Check = (value) => {
  if (nodeReleaseFor(value) !== undefined) return undefined
  const [, major, rest] = /^v?(\d+)((?:\.(?:\d+|x))*)$/.exec(value.trim()) ?? []
  if (major === undefined) return { reason: "it must be a version of Node.js, such as '24'" }
  if (!nodeMajors.includes(major)) {
    const newer = nodeMajors.find((known) => Number(known) > Number(major)) ?? nodeMajors.at(-1)!
    return { reason: `Node.js ${nodeMajors.join(', ')} are known here`, suggestion: `write '${newer}'` }
  }
  const reason = /^(\.x)*$/.test(rest ?? '')
    ? 'the major version alone means the newest of them'
    : `of Node.js ${major}, ${knownOf(major)} can be verified here; a newer Trimaran knows newer ones`
  return { reason, suggestion: `write '${major}' for the newest` }
}

const knownOf = (major: string): string =>
  nodeReleases
    .filter(({ version }) => majorOf(version) === major)
    .map(({ version }) => version)
    .join(' and ')

/** Debian's rule for names (Policy 5.6.1). */
export const checkPackageName: Check = (value) =>
  /^[a-z0-9][a-z0-9+.-]+$/.test(value)
    ? undefined
    : { reason: "it is not the name of a Debian package, such as 'python3'" }
