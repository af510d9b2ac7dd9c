/**
 * One event is one line of logfmt on stdout: `time=… level=info event=request request_id=… status=200`.
 * logfmt, since the very text `request_id=…` then also finds the request in the database's log (see database.js).
 */
export const log = {
  info: (event, fields) => write('info', event, fields),
  warn: (event, fields) => write('warn', event, fields),
  error: (event, fields) => write('error', event, fields),
}

function write(level, event, fields) {
  console.log(formatLine({ time: new Date().toISOString(), level, event, ...fields }))
}

/** Fields without a value are left out. The line is one line, whatever a value holds. */
export function formatLine(fields) {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => `${key}=${formatValue(String(value))}`)
    .join(' ')
}

function formatValue(text) {
  return /^[^\s"=\\\p{C}]+$/u.test(text) ? text : JSON.stringify(text)
}

/** What went wrong, in words: an error from trying several addresses has none of its own. */
export function reasonOf(error) {
  return error.message || error.errors?.[0]?.message || error.code || String(error)
}
