/** What Patroni asks: who leads, which settings hold. */
export const clientPort = 2379
/** What the members say to one another. */
export const peerPort = 2380
/** Health and figures of the local member, on loopback; answers with and without a majority. */
export const metricsPort = 2381
