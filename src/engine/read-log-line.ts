import { Buffer } from 'node:buffer'
import { z } from 'zod'
import { parseJson } from '../observation/parse-json.ts'

/** One line of a server's journal, reduced to what is shown. */
export interface LogLine {
  /** Milliseconds since 1970, by the server's clock, when its journal took the line. */
  readonly at: number
  readonly server: string
  /** The component that the unit belongs to. */
  readonly component: string
  /** The unit, such as `app-blue-web@1.service`. The journal sets it, so no program can forge it. */
  readonly unit: string
  readonly message: string
}

/** journald breaks what a program prints into lines of 48 kB (journald.conf(5), LineMax); more was sent in another way. */
const longestMessage = 65_536
/** journalctl writes up to four characters for each byte. */
const longestLine = 4 * longestMessage

/** Text; bytes where the text is not readable; null where it was too long for an older journalctl; a list where the field occurs several times. */
const single = z.union([z.string(), z.array(z.int().min(0).max(255)), z.null()])
const field = z.union([single, z.array(single)])

/**
 * A line as `journalctl -o json` writes it. Fields that begin with an underscore are the journal's own; others, such as
 * SYSLOG_IDENTIFIER, come from the program, which may lie; they are not read (systemd.journal-fields(7)).
 */
const entry = z.object({
  __REALTIME_TIMESTAMP: z.string().regex(/^\d{1,16}$/),
  _SYSTEMD_UNIT: z.string().regex(/^[\w:.@\\-]{1,255}$/),
  MESSAGE: field.optional(),
})

/** The fields that are read, besides the time. */
export const logFields = ['_SYSTEMD_UNIT', 'MESSAGE'] as const

/** Reads one line of a journal; `undefined` where it is not valid. */
export function readLogLine(server: string, text: string): LogLine | undefined {
  if (text.length > longestLine) return undefined
  const { data } = entry.safeParse(parseJson(text))
  if (data === undefined) return undefined
  const { __REALTIME_TIMESTAMP: microseconds, _SYSTEMD_UNIT: unit, MESSAGE: words = '' } = data
  const component = componentOf(unit)
  const message = textOf(words)
  return {
    at: Number(microseconds) / 1000,
    server,
    component,
    unit,
    message: shorten(component === 'etcd' ? readable(message) : message),
  }
}

/** `app` for `app-blue-web@1.service`; `systemd` for systemd's own messages about a unit. */
function componentOf(unit: string): string {
  if (unit === 'init.scope') return 'systemd'
  const name = unit.replace(/\.\w+$/, '')
  return name.startsWith('app-') ? 'app' : name.replace(/^trimaran-/, '')
}

function textOf(value: z.output<typeof field>): string {
  if (typeof value === 'string') return value
  if (value === null) return '(longer than 4,096 bytes: `journalctl --all` on the server shows it)'
  const bytes = value.filter((one) => typeof one === 'number')
  return bytes.length === value.length
    ? Buffer.from(bytes).toString()
    : value.map((one) => (typeof one === 'number' ? '' : textOf(one))).join('\n')
}

const shorten = (message: string): string =>
  message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message

/** etcd logs JSON; only its message is shown. */
function readable(message: string): string {
  const { data } = z
    .object({ level: z.string(), msg: z.string(), error: z.string().optional() })
    .safeParse(parseJson(message))
  if (data === undefined) return message
  const { level, msg, error } = data
  return [`${level}: ${msg}`, ...(error === undefined ? [] : [error])].join(': ')
}
