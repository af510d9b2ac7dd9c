/** What came of a load, from its visitors' side. */
export interface LoadReport {
  /** Keys of everything that this load writes begin with it. */
  readonly run: string
  readonly seconds: number
  readonly sent: number
  /** Requests that got no answer, or one with another status. */
  readonly failed: number
  /** Those of them that may be sent a second time by whoever passes them on. */
  readonly failedRepeatable: number
  /** Requests whose answer had the right status and the wrong body. */
  readonly wrong: number
  /**
   * Requests that went out over a kept connection which ended before a byte of the answer, and were sent once more over
   * a fresh one. Any side may close an idle connection at any time, and a request that is under way to it at that moment
   * must be sent again (RFC 9112, 9.3.1 and 9.5); browsers do so without a word. That is safe here, for each write has a
   * key. A request that dies on a server that had begun with it would be among these too; but its like over a fresh
   * connection, every second one, is then among the failed.
   */
  readonly resent: number
  /** The first hundred of these. */
  readonly troubles: readonly Trouble[]
  readonly milliseconds: { readonly p50: number; readonly p99: number; readonly slowest: number }
  /** The longest time, in milliseconds, in which not a single good answer came. */
  readonly longestGap: number
  /** How many milliseconds late a request went out, at worst: more than a few hundred, and the load was no steady one. */
  readonly latest: number
  /** Keys of the writes that were acknowledged. */
  readonly acknowledged: readonly string[]
  /** Good answers by the app server that gave them, as far as answers tell. */
  readonly byApp: Readonly<Record<string, number>>
  /** All of this in one line. */
  readonly sentence: string
}

export interface Trouble {
  readonly kind: 'failed' | 'wrong' | 'resent'
  /** Seconds after the load began at which the request was sent. */
  readonly at: number
  /** Milliseconds until it was over. */
  readonly after: number
  readonly method: string
  readonly path: string
  readonly connection: 'kept' | 'fresh'
  /** The status or the error, and the beginning of what was answered. */
  readonly why: string
}

export function sentenceOf(report: Omit<LoadReport, 'sentence'>): string {
  const { sent, seconds, failed, failedRepeatable, wrong, resent, milliseconds, longestGap, acknowledged, troubles } =
    report
  const firsts = (['failed', 'wrong'] as const).flatMap(
    (kind) => troubles.find((trouble) => trouble.kind === kind) ?? [],
  )
  return [
    `${sent} requests in ${seconds.toFixed(1)} s: ${failed} failed${failedRepeatable > 0 ? ` (${failedRepeatable} of them repeatable)` : ''}, ${wrong} wrong, ${resent} resent`,
    `p50 ${milliseconds.p50.toFixed(1)} ms, p99 ${milliseconds.p99.toFixed(1)} ms, slowest ${Math.round(milliseconds.slowest)} ms`,
    `longest gap ${Math.round(longestGap)} ms`,
    `${acknowledged.length} writes acknowledged`,
    ...(report.latest > 250 ? [`the load itself was up to ${Math.round(report.latest)} ms late`] : []),
    ...firsts.map((first) => `first ${first.kind} after ${first.at.toFixed(1)} s: ${formatTrouble(first)}`),
  ].join('; ')
}

const formatTrouble = ({ method, path, connection, after, why }: Trouble): string =>
  `${method} ${path} over a ${connection} connection, ${Math.round(after)} ms: ${why}`
