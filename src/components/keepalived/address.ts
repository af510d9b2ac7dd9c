import type { RenderContext } from '../component.ts'

/**
 * The virtual address as the holder carries it. Where the operator's own command moves it, the network delivers it to
 * the holder alone, so it is an address of its own (/32) there.
 */
export function addressOf({ stack }: Pick<RenderContext, 'stack'>): { readonly ip: string; readonly prefix: number } {
  const { virtualAddress } = stack
  if (virtualAddress === undefined) throw new Error('keepalived is rendered only for a stack with a virtual address')
  return { ip: virtualAddress.address, prefix: virtualAddress.move === undefined ? virtualAddress.prefixLength : 32 }
}
