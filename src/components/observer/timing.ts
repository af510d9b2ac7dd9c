/** The observer's time limits, in seconds. Safety does not depend on them: they only decide when it acts. */
export const timing = {
  /** Between two probes; each uses the next port in turn. */
  intervalSeconds: 0.2,
  /** The silence after which Patroni here is made to use another etcd member; a mistake costs nothing. */
  suspectSeconds: 0.8,
  /**
   * The silence after which a primary's server counts as gone. Writes must resume within 5 s; of those, Patroni,
   * PostgreSQL and HAProxy need about 1.5 s, and an election in etcd up to 2 s.
   */
  deadlineSeconds: 1.5,
  /** The same for a primary that gets no answers: it steps down before another one can be promoted. */
  standAsideSeconds: 1.2,
  /** How long a promise waits for the others. The primary may be alive, and its commits wait for this promise, too. */
  promiseSeconds: 4,
} as const
