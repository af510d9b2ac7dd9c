import { sh, type Shell } from '../shell/sh.ts'
import type { ServerFacts } from '../stack/host-facts.ts'
import type { Server } from '../stack/stack.ts'

/*
 * The one question by which the app is judged. Whoever asks asks alike: the server's HAProxy, a deploy, `status`, a web
 * server. Else one of them finds well what the others, and so visitors, find broken.
 */

/** How long an answer may take. */
export const healthSeconds = 1
/** Below 400 is well. */
export const wellStatus = '200-399'
/** How whoever asks names itself. */
export const healthAgent = 'HAProxy-check'

/**
 * Where a server asks itself as others ask it. Behind NAT it does not have the address that others know; then it is the
 * address of its network interface.
 */
export function ownAddress(
  { address }: Pick<Server, 'address'>,
  { addresses, networkInterface }: Pick<ServerFacts, 'addresses' | 'networkInterface'>,
): string {
  if (addresses.length === 0 || addresses.some((own) => own.address === address)) return address
  return addresses.find((own) => own.interface === networkInterface)?.address ?? address
}

/** The same for curl, which fails where the answer is not well; more words of curl's may follow. */
export const askHealth = (host: string): Shell =>
  sh`curl -gsS --noproxy ${'*'} -A ${healthAgent} -H ${`Host: ${host}`} -H ${'Connection: close'} -m ${healthSeconds}`
