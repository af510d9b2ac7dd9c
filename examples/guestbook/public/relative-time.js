// Used on both sides: the server writes the words into the page, the browser keeps them true while the page is open.

const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "2 hours ago", from an ISO time. */
export function relativeTime(isoTime, now = Date.now()) {
  const seconds = (now - Date.parse(isoTime)) / 1_000
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? []
  return unit ? format.format(-Math.floor(seconds / size), unit) : 'just now'
}
