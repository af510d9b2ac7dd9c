import type { Check } from './objection.ts'

/** Objects to what `ssh` would not take as a destination, or would take as something else. */
export const checkDestination: Check = (value) => {
  if (value.startsWith('-')) return { reason: 'it begins with a hyphen, so SSH would read it as an option' }
  if (/\s/.test(value)) return withoutOptions(value)
  if (/^(?!ssh:)\w+:\/\//.test(value))
    return { reason: 'it is a web address; a host, user@host or an SSH alias is needed' }
  if (hostOf(value.replace(/^ssh:\/\//, '')) === '' || /^(?:ssh:\/\/)?@/.test(value))
    return {
      reason: 'it names no host, or no user before the @',
      suggestion: "write 'root@web-a.example.com', or the host alone",
    }
  const [, host, port] = /^([^:]+):(\d+)$/.exec(value) ?? []
  if (port !== undefined)
    return { reason: 'a port belongs in ~/.ssh/config', suggestion: `write '${host}', or 'ssh://${value}'` }
  return undefined
}

/** The host of a destination, for comparison: `a` for `root@A`. Aliases are not resolved. */
export function hostOf(destination: string): string {
  return destination.slice(destination.lastIndexOf('@') + 1).toLowerCase()
}

function withoutOptions(value: string) {
  const [host = ''] = value
    .trim()
    .replace(/^ssh\s+/, '')
    .split(/\s/)
  const reason = 'a destination has no spaces; options belong in ~/.ssh/config'
  return host === '' || host.startsWith('-') ? { reason } : { reason, suggestion: `write '${host}'` }
}
