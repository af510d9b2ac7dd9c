import { isInNetwork } from '../../stack/networks.ts'
import type { RenderContext } from '../component.ts'

export interface CarriedAddress {
  readonly ip: string
  readonly prefix: number
  /** The interface that it is put on. */
  readonly device: string
}

/**
 * The virtual address on its holder: on the interface of its network, which may be another one than that of the private
 * address. Where the operator's command moves it, the network routes it to the holder, so it is a single address (/32)
 * there.
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
