const units: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 }
const examples = '10m, 2h, 3d, 22:55, or 2026-11-30 22:55'

/**
 * The start of a period, in milliseconds since 1970: a duration before now, a time of today (of yesterday, if it has
 * not come yet today), or a date with or without a time. Times are those of this computer's clock unless they name a
 * zone, as in tables and logs.
 */
export function parseSince(text: string, now = Date.now()): number {
  const [, amount, unit] = /^(\d{1,6}) ?(s|m|min|h|d)$/.exec(text) ?? []
  if (amount !== undefined) return now - Number(amount) * units[unit!]! * 1000
  const time = timeOf(text, now)
  if (time === undefined) throw new Error(`${text} is not a time: ${examples}`)
  if (time > now) throw new Error(`${text} is in the future`)
  return time
}

function timeOf(text: string, now: number): number | undefined {
  const [, clock] = /^(\d\d:\d\d(?::\d\d)?)$/.exec(text) ?? []
  if (clock !== undefined) {
    const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
    if (hours > 23 || minutes > 59 || seconds > 59) return undefined
    const today = new Date(now).setHours(hours, minutes, seconds, 0)
    return today > now ? new Date(today).setDate(new Date(today).getDate() - 1) : today
  }
  const [, date, rest = 'T00:00', zone = ''] =
    /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?: ?(Z|UTC|[+-]\d\d:?\d\d))?$/.exec(text) ?? []
  if (date === undefined) return undefined
  const time = Date.parse(`${date}${rest.replace(' ', 'T')}${zone === 'UTC' ? 'Z' : zone}`)
  return Number.isNaN(time) ? undefined : time
}
