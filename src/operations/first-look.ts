import { serversOf } from '../stack/stack.ts'
import { summarise } from '../status/summarise.ts'
import type { Visit } from '../status/visit.ts'
import { visitUntilServed } from './look/visit.ts'
import { queryServers } from './session/query-servers.ts'
import type { Session } from './session/session.ts'

/** A stack as its visitors see it. */
export interface FirstLook extends Visit {
  /** The balancer that holds the address, where there is more than one. */
  readonly addressOwner?: string
}

/** Asks the stack as a visitor would, and finds out which balancer holds its address. */
export async function firstLook(session: Session): Promise<FirstLook> {
  const seen = await visitUntilServed(session, 0)
  // Once the address answers, a balancer holds it.
  const addressOwner = await findAddressOwner(session)
  return { ...seen, ...(addressOwner !== undefined && { addressOwner }) }
}

async function findAddressOwner(session: Session): Promise<string | undefined> {
  const balancers = serversOf(session.stack, 'balancer')
  if (balancers.length < 2) return undefined
  return summarise(session.stack, await queryServers(balancers, session)).balancer.holder
}
