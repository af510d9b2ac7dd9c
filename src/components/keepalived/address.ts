import { isInNetwork } from '../../stack/networks.ts'
import type { RenderContext } from '../component.ts'

export interface CarriedAddress {
  readonly ip: string
  readonly prefix: number
  /** The interface that it is put on. */
  readonly device: string
}

/**
 * The virtual address as the holder carries it: on the interface that is in its network, which need not be the one of
 * the private address over which the balancers talk. Where the operator's own command moves it, the network delivers it to
 * the holder alone, so it is an address of its own (/32) there.
 */
export function addressOf({ stack, facts }: Pick<RenderContext, 'stack' | 'facts'>): CarriedAddress {
  const { virtualAddress } = stack
  if (virtualAddress === undefined) throw new Error('keepalived is rendered only for a stack with a virtual address')
  const { address, prefixLength, move } = virtualAddress
  const near = facts.addresses.find((own) => isInNetwork(address, own.address, own.prefixLength))
  return {
    ip: address,
    prefix: move === undefined ? prefixLength : 32,
    device: near?.interface ?? facts.networkInterface,
  }
}
