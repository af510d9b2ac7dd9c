/** For clients such as Patroni. */
export const clientPort = 2379
/** For peers. */
export const peerPort = 2380
/** Health and metrics of the local member, on loopback; answers with and without a majority. */
export const metricsPort = 2381
