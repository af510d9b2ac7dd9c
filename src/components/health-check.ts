import { sh, type Shell } from '../shell/sh.ts'
import type { ServerFacts } from '../stack/host-facts.ts'
import type { Server } from '../stack/stack.ts'

/*
 * The one health check of the app. HAProxy, a deploy, `status` and web servers all use it. With checks of their own, one of
 * them could find the app well while visitors find it broken.
 */

/** How long an answer may take. */
export const healthSeconds = 1
/** A status below 400 is healthy. */
export const healthyStatus = '200-399'
/** The User-Agent of a check. */
export const healthAgent = 'HAProxy-check'

/**
 * The address at which a server checks itself as others do. Behind NAT it does not have the address that others use;
 * then it is the address of its network interface.
 */
export function ownAddress(
  { address }: Pick<Server, 'address'>,
  { addresses, networkInterface }: Pick<ServerFacts, 'addresses' | 'networkInterface'>,
): string {
  if (addresses.length === 0 || addresses.some((own) => own.address === address)) return address
  return addresses.find((own) => own.interface === networkInterface)?.address ?? address
}

/** The same check by curl. With `-f` it fails on other answers; more options may follow. */
export const checkHealth = (host: string): Shell =>
  sh`curl -gsS --noproxy ${'*'} -A ${healthAgent} -H ${`Host: ${host}`} -H ${'Connection: close'} -m ${healthSeconds}`
