/** How exactly a time is told. */
type Precision = 'minutes' | 'seconds' | 'milliseconds'

const lengths: Readonly<Record<Precision, number>> = { minutes: 16, seconds: 19, milliseconds: 23 }

/**
 * A time as every table and log of Trimaran shows it: by this computer's clock, with the date and the zone.
 *
 * @example formatTime('2026-11-30T22:55:46Z') === '2026-11-30 23:55:46 +01:00'
 */
export function formatTime(
  time: string | number,
  precision: Precision = 'seconds',
  minutesOff = -new Date(time).getTimezoneOffset(),
): string {
  const local = new Date(new Date(time).getTime() + minutesOff * 60_000).toISOString().replace('T', ' ')
  return `${local.slice(0, lengths[precision])} ${formatZone(minutesOff)}`
}

function formatZone(minutesOff: number): string {
  if (minutesOff === 0) return 'UTC'
  const minutes = Math.abs(minutesOff)
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${minutesOff < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
