import type { Check } from './objection.ts'

const units: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

/** A size as people write it: a number and a unit, `512 MB`, `1.5 GB`. */
export const sizePattern = /^(\d+(?:\.\d+)?) ?(KB|MB|GB)$/i

/** Bytes of a size that matches `sizePattern`; a megabyte is 1024 × 1024 bytes, as it is for nginx and systemd. */
export function bytesOf(size: string): number {
  const [, amount, unit = ''] = sizePattern.exec(size) ?? []
  return Math.round(Number(amount) * (units[unit.toUpperCase()] ?? NaN))
}

/** Objects to what is not a size, and to sizes under `least`. */
export function checkSize(least: string): Check {
  return (value) => {
    if (!sizePattern.test(value)) return notASize(value)
    return bytesOf(value) < bytesOf(least) ? { reason: `it must be at least ${least}` } : undefined
  }
}

/** Spellings of other tools: `512M`, `512MiB`, `1g`, `512`. */
function notASize(value: string) {
  const reason = 'a size is a number and a unit: KB, MB or GB'
  const [, amount, unit = 'm'] = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmg])(?:i?b|ega?bytes?)?)?\s*$/i.exec(value) ?? []
  return amount === undefined ? { reason } : { reason, suggestion: `write '${amount} ${unit.toUpperCase()}B'` }
}
