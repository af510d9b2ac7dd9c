const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** An amount of bytes in steps of 1,024, as the config counts them: `812 bytes`, `3.4 kB`, `512 MB`, `1 GB`. */
export function formatBytes(bytes: number): string {
  const step = units.findIndex((_, index) => bytes < 1023.5 * 1024 ** index || index === units.length - 1)
  const amount = bytes / 1024 ** step
  const text = amount < 9.95 && step > 0 ? amount.toFixed(1).replace(/\.0$/, '') : String(Math.round(amount))
  return `${text} ${bytes === 1 ? 'byte' : units[step]}`
}
