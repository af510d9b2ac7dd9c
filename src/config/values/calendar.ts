import type { Check } from './objection.ts'

/**
 * What systemd reads as a time: `[weekdays] [date] [time] [zone]`, or a word (systemd.time(7), CALENDAR EVENTS). Told here,
 * before a plan is made; what it leaves out, such as a day that no month has, systemd says on the server.
 */
const words = /^(?:minutely|hourly|daily|weekly|monthly|yearly|annually|quarterly|semiannually|biannually)$/i

const weekday = 'mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?'
const weekdays = new RegExp(`^(?:${weekday})(?:(?:\\.\\.|-|,)(?:${weekday}))*,?$`, 'i')

const how = "write it as systemd does, as in 'daily', 'Mon..Fri 06:30' or '*:0/5'"

/** Objects to what systemd would not read as a time. */
export const checkCalendar: Check = (value) => {
  if (/^(\S+\s+){4}\S+$/.test(value) && /^[\d*/,-]+(\s|$)/.test(value) && !value.includes(':'))
    return { reason: 'it looks like a line of cron', suggestion: how }
  const minutes = /^every (\d+) ?min/i.exec(value)?.[1]
  if (minutes !== undefined) return { reason: 'it is not a time', suggestion: `write '*:0/${minutes}'` }
  return isCalendar(value.trim().split(/\s+/)) ? undefined : { reason: 'it is not a time', suggestion: how }
}

function isCalendar(parts: readonly string[]): boolean {
  const rest = [...parts]
  const zone = rest.at(-1)!
  if (rest.length > 1 && isZone(zone)) rest.pop()
  if (rest.length === 1 && words.test(rest[0]!)) return true
  if (weekdays.test(rest[0]!)) {
    rest.shift()
    if (rest.length === 0) return true
  }
  if (rest.length > 0 && isDate(rest[0]!)) rest.shift()
  if (rest.length > 0 && isTime(rest[0]!)) rest.shift()
  return rest.length === 0
}

/** `2026-12-24`, `*-*-01`, `12-24`, `*-02~01` for the last day of February. */
function isDate(text: string): boolean {
  const fields = text.split(/[-~]/)
  if (fields.length < 2 || fields.length > 3) return false
  const [day, month, year] = fields.toReversed()
  return isField(day!, 1, 31) && isField(month!, 1, 12) && (year === undefined || isField(year, 1970, 2199))
}

/** `06:30`, `6:30:00`, `*:0/15`. */
function isTime(text: string): boolean {
  const [hours, minutes, seconds, ...more] = text.split(':')
  if (minutes === undefined || more.length > 0) return false
  return isField(hours!, 0, 23) && isField(minutes, 0, 59) && (seconds === undefined || isField(seconds, 0, 59))
}

/** `*`, a number, a range `1..5`, each with a step `/2`, and lists of them. */
function isField(text: string, least: number, most: number): boolean {
  return text.split(',').every((one) => {
    const [, first, last, step] = /^(\*|\d{1,4}(?:\.\d{1,6})?)(?:\.\.(\d{1,4}))?(?:\/(\d{1,4}))?$/.exec(one) ?? []
    if (first === undefined || (step !== undefined && Number(step) === 0)) return false
    const numbers = [first, last].filter((each) => each !== undefined && each !== '*').map(Number)
    return (
      numbers.every((each) => each >= least && Math.floor(each) <= most) &&
      (numbers[0] ?? 0) <= (numbers[1] ?? Infinity)
    )
  })
}

function isZone(text: string): boolean {
  if (text === 'UTC') return true
  if (!/^[A-Z]\w*(?:\/[\w+-]+)+$/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
