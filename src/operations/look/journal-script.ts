import { components } from '../../components/index.ts'
import { logFields } from '../../engine/read-log-line.ts'
import { sh, type Shell, words } from '../../shell/sh.ts'
import type { Stack } from '../../stack/stack.ts'

export interface LogWish {
  /** Only lines that match, such as a request id. */
  readonly grep?: string
  /** Only lines from then on, in milliseconds since 1970. */
  readonly since?: number
  /** Only this component's lines; those of all components but the system unless stated. */
  readonly component?: string
  /** Includes the app's log lines about health checks that succeeded. */
  readonly withChecks?: boolean
}

/** Names of components that have logs. */
export const logComponents: readonly string[] = components.map(({ name }) => name)

/**
 * Reads the last lines of a server's journals, the newest first; follows new lines unless `lines` is stated. Lines that
 * HAProxy logs twice are dropped once, before lines are counted.
 */
export function journalScript(stack: Pick<Stack, 'declared'>, wish: LogWish, lines?: number): Shell {
  const { grep, since, component } = wish
  const last = lines === undefined ? ['-n', '0', '-f'] : ['-r']
  const from = since === undefined ? [] : [`--since=@${(since / 1000).toFixed(3)}`]
  // --all: else a line of more than 4,096 bytes is left out.
  return sh`
    journalctl --namespace='*' --no-pager -q --all -o json --output-fields=${logFields.join(',')} \
      ${words([...last, ...from])} ${grep === undefined ? sh`` : sh`--grep=${grep}`} ${words(unitsOf(component).flatMap((unit) => ['-u', unit]))} |
      awk ${selection(stack, wish, lines)}
  `
}

/** The units of a component; of all components but the system, whose lines are about everything else there. */
const unitsOf = (wanted: string | undefined): readonly string[] =>
  components
    .filter(({ name }) => (wanted === undefined ? name !== 'system' : name === wanted))
    .flatMap(({ name, owns }) => [
      ...(owns?.daemons ?? []).map((daemon) => `${daemon}.service`),
      ...(owns?.ownUnits ?? []).map((unit) => `${unit}-*`),
      ...(owns?.units ?? []),
      `trimaran-${name}.service`,
    ])

/**
 * HAProxy logs each change of state to syslog and to standard error, and again for each backend that follows another.
 */
const twice = String.raw`/"_SYSTEMD_UNIT":"haproxy.service"/ && /"MESSAGE":"(\[(WARNING|ALERT|NOTICE)\] +\([0-9]+\) : ([Ss]erver|[Bb]ackend|[Pp]roxy) |Server [^ ]* is [^"]* via )/`

/** The awk program that drops and counts lines. It must work in mawk, which has no interval expressions. */
function selection({ declared }: Pick<Stack, 'declared'>, { withChecks = false }: LogWish, lines?: number): string {
  const { health, processes } = declared.app
  const paths = [...new Set([health, ...Object.values(processes).flatMap((process) => process.health ?? [])])]
  const checks = withChecks ? [] : paths.filter((path) => path !== '/').map(goodCheckOf)
  const left = [twice, ...checks].map((each) => `${each} { next }`)
  const taken = lines === undefined ? '{ print; fflush() }' : `{ print; if (++taken >= ${lines}) exit }`
  return [...left, taken].join('\n')
}

/** A log line of the app that has the path as a word, and a status from 200 to 399 but none above. */
function goodCheckOf(path: string): string {
  const word = path
    .replaceAll(/[^\w-]/g, (one) => (one === '^' || one === '\\' ? '.' : `[${one}]`))
    .replaceAll('[/]', String.raw`\/`)
  const around = '[^A-Za-z0-9_.\\/-]'
  const status = (first: string): string => `/${around}[${first}][0-9][0-9]${around}/`
  return `/"_SYSTEMD_UNIT":"app-/ && /${around}${word}${around}/ && ${status('23')} && !${status('45')}`
}
