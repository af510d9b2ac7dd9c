/** How patient the observer is, in seconds. None of these is needed for safety: they only decide when it is tried. */
export const timing = {
  /** Between two probes; each is at the next of the ports in turn. */
  intervalSeconds: 0.2,
  /** The silence after which Patroni here is made to listen to another etcd member; costs nothing where it was a mistake. */
  suspectSeconds: 0.8,
  /**
   * The silence after which a primary's server counts as gone. Shorter than the 5 s in which writes must resume by what
   * Patroni, PostgreSQL and HAProxy need afterwards (about 1.5 s), and by an election in etcd (up to 2 s).
   */
  deadlineSeconds: 1.5,
  /** The same for a primary that hears nobody: it steps aside before another can have been promoted. */
  standAsideSeconds: 1.2,
  /** How long a promise waits for the others. The primary may be alive, and its commits wait for it as well. */
  promiseSeconds: 4,
} as const
