import type { TierName } from '../stack/stack.ts'

/**
 * Stores of the journal beside the system's own. A store throws away its oldest lines when it is full, whoever wrote them:
 * so whatever visitors or the app can have written at will has a store of its own, and costs nobody else's lines. Inside the
 * units that log there, systemd puts that store's sockets in the place of the system's.
 */
const stores = {
  app: {
    tiers: ['app'],
    what: 'What the app says: one that was broken into can fill this, and nothing else.',
  },
  traffic: {
    what: 'A line for each request, connection and failed query: visitors, and the app, decide how many.',
  },
} as const satisfies Readonly<Record<string, Store>>

interface Store {
  readonly what: string
  /** The tiers that have it; all of them unless stated. */
  readonly tiers?: readonly TierName[]
}

export type Journal = keyof typeof stores

export const journals: Readonly<Record<Journal, Store>> = stores

/** So many lines in so many seconds does journald take of one unit: 10,000 a second, some times what a server ever served. */
const [burst, seconds] = [300_000, 30]

/** The lines of `[Service]` that have a unit log into a store. */
export const logInto = (
  journal: Journal,
): string => `# Read with \`journalctl --namespace=${journal}\`; the journal's usual limit would drop lines from 333 a second on.
${logSettings(journal).join('\n')}`

/** The same for `systemd-run`, one by one. */
export const logSettings = (journal: Journal): readonly string[] => [
  `LogNamespace=${journal}`,
  `LogRateLimitIntervalSec=${seconds}s`,
  `LogRateLimitBurst=${burst}`,
]

/** The socket of a store for whoever speaks syslog from a chroot. */
export const syslogSocketOf = (journal: Journal): string => `/run/systemd/journal.${journal}/dev-log`
