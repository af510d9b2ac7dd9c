import type { TierName } from '../stack/stack.ts'

/**
 * Journal namespaces beside the system's own. A full journal drops its oldest lines, of any unit. So logs whose amount
 * visitors or the app decide have journals of their own, and cannot push out other lines. In the units that log there,
 * systemd replaces the system's sockets by those of the namespace.
 */
const stores = {
  app: {
    tiers: ['app'],
    what: 'Logs of the app. An attacker in the app can fill this journal, and no other.',
  },
  traffic: {
    what: 'A line for each request, connection and failed query. Visitors and the app decide how many.',
  },
} as const satisfies Readonly<Record<string, Store>>

interface Store {
  readonly what: string
  /** The tiers that have it; all of them unless stated. */
  readonly tiers?: readonly TierName[]
}

export type Journal = keyof typeof stores

export const journals: Readonly<Record<Journal, Store>> = stores

/**
 * How many lines journald takes from one unit in how many seconds: 10,000 a second, several times what a server ever
 * served.
 */
const [burst, seconds] = [300_000, 30]

/** The lines of `[Service]` with which a unit logs into a journal. */
export const logInto = (
  journal: Journal,
): string => `# Read with \`journalctl --namespace=${journal}\`; the journal's usual limit would drop lines from 333 a second on.
${logSettings(journal).join('\n')}`

/** The same as options of `systemd-run`. */
export const logSettings = (journal: Journal): readonly string[] => [
  `LogNamespace=${journal}`,
  `LogRateLimitIntervalSec=${seconds}s`,
  `LogRateLimitBurst=${burst}`,
]

/** The syslog socket of a journal, for daemons in a chroot. */
export const syslogSocketOf = (journal: Journal): string => `/run/systemd/journal.${journal}/dev-log`
