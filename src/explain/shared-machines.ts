import type { Server, Stack } from '../stack/stack.ts'

/** One machine that several servers of the config turn out to be. */
export interface SharedMachine {
  readonly machine: string
  readonly servers: readonly Server[]
}

/** The machines that were named more than once, whether by the same address or by the same SSH host. */
export function sharedMachines(stack: Pick<Stack, 'servers'>): readonly SharedMachine[] {
  const byMachine = Map.groupBy(stack.servers, machineOf)
  return [...byMachine].filter(([, servers]) => servers.length > 1).map(([machine, servers]) => ({ machine, servers }))
}

/** The private address is certain; before it is known, the SSH host without its user has to do. */
function machineOf({ address, destination }: Server): string {
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(address)
  return isAddress ? address : destination.replace(/^ssh:\/\//, '').replace(/^[^@]*@/, '')
}
