import type { Check } from './objection.ts'

/** Objects to names that could not be part of a unit's name. */
export const checkProcessName: Check = (value) =>
  /^[a-z][a-z0-9]{0,19}$/.test(value)
    ? undefined
    : {
        reason: 'the name of a process has at most 20 lower-case letters and digits, and starts with a letter',
        suggestion: `write ${value.toLowerCase().replaceAll(/[^a-z0-9]/g, '') || 'worker'}`,
      }

/** Objects to paths that a request could not have, and to the whole site. */
export const checkRoutedPath: Check = (value) => {
  if (!/^\/[\w./~-]*$/.test(value)) return { reason: 'it must be a path that starts with a slash, such as /api' }
  const single = value.replaceAll(/\/+/g, '/')
  if (/(^|\/)\.\.?(\/|$)/.test(value)) return { reason: 'paths are compared after . and .. are resolved' }
  if (single !== value) return { reason: 'paths are compared with single slashes', suggestion: `write '${single}'` }
  return value === '/' ? { reason: '`web` gets all other requests anyway' } : undefined
}
