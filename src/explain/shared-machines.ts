import type { Server, Stack } from '../stack/stack.ts'

/** One machine that several servers of the config turn out to be. */
export interface SharedMachine {
  /** Its private address. */
  readonly machine: string
  readonly servers: readonly Server[]
}

/**
 * The machines that several servers are, told by the same private address. The config refuses one that is named twice,
 * but two names of the SSH config may lead to the same place, which shows once the servers have told their addresses.
 */
export function sharedMachines(stack: Pick<Stack, 'servers'>): readonly SharedMachine[] {
  const byMachine = Map.groupBy(stack.servers, ({ address }) => address)
  return [...byMachine].filter(([, servers]) => servers.length > 1).map(([machine, servers]) => ({ machine, servers }))
}
