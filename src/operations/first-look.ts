import { publicAddress, serversOf, type Stack } from '../stack/stack.ts'
import { summarise } from '../status/summarise.ts'
import { queryServers } from './session/query-servers.ts'
import type { Session } from './session/session.ts'

/** A stack as its visitors see it. */
export interface FirstLook {
  readonly url: string
  /** Whether it answers them; also true where this computer cannot reach it. */
  readonly isWell: boolean
  /** `answers (200)` */
  readonly answer: string
  /** The balancer that holds the address, where there is more than one. */
  readonly addressOwner?: string
}

/** Asks the stack as a visitor would, and finds out which balancer holds its address. */
export async function firstLook(session: Session): Promise<FirstLook> {
  const { stack } = session
  const url = `http://${publicAddress(stack)}`
  const seen = await visit(url, stack.declared.app.health)
  // Once the address answers, a balancer holds it.
  const addressOwner = await findAddressOwner(session)
  return { url, ...seen, ...(addressOwner !== undefined && { addressOwner }) }
}

/**
 * Requests the front page at the address, as a visitor would; where there is none, the health path. From outside the
 * servers' network this may be impossible.
 */
async function visit(url: string, health: Stack['declared']['app']['health']): Promise<Omit<FirstLook, 'url'>> {
  const ask = async (path: string): Promise<number> =>
    (await fetch(url + path, { redirect: 'manual', signal: AbortSignal.timeout(5000) })).status
  try {
    const front = await ask('/')
    if (front < 400) return { isWell: true, answer: `answers (${front})` }
    const ofHealth = await ask(health)
    return { isWell: ofHealth < 400, answer: `answers (${front} to /, ${ofHealth} to ${health})` }
  } catch {
    return { isWell: true, answer: 'is set up; this computer does not reach it' }
  }
}

async function findAddressOwner(session: Session): Promise<string | undefined> {
  const balancers = serversOf(session.stack, 'balancer')
  if (balancers.length < 2) return undefined
  return summarise(session.stack, await queryServers(balancers, session)).balancer.holder
}
