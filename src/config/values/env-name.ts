import type { Check } from './objection.ts'

/** Variables whose value is not the user's to choose, and why. */
const reservedVariables: Readonly<Record<string, string>> = {
  PORT: 'Trimaran sets it: each of the two slots of a release has a port of its own',
  PATH: 'Trimaran sets it, so that the runtime of the config is the one that is found',
  HOME: 'systemd sets it to the home of the user `app`',
  USER: 'systemd sets it to `app`',
  LOGNAME: 'systemd sets it to `app`',
}

/** Objects to names that a shell could not use, and to those that are set already. */
export const checkEnvName: Check = (value) => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) {
    const better = value.trim().replace(/\W+/g, '_')
    const reason = 'the name of a variable has letters, digits and underscores, and does not start with a digit'
    return /^[A-Za-z_]/.test(better) ? { reason, suggestion: `write ${better}` } : { reason }
  }
  const reason = Object.hasOwn(reservedVariables, value)
    ? reservedVariables[value]
    : value.startsWith('TRIMARAN_')
      ? 'names that begin with TRIMARAN_ are kept for what Trimaran tells the app'
      : undefined
  return reason === undefined ? undefined : { reason, suggestion: 'leave it out' }
}
