import { publicAddress, serversOf, type Stack } from '../stack/stack.ts'
import { summarise } from '../status/summarise.ts'
import { queryServers } from './session/query-servers.ts'
import type { Session } from './session/session.ts'

/** A stack from where its visitors stand. */
export interface FirstLook {
  readonly url: string
  /** Whether it answers them; true as well where this computer cannot reach it. */
  readonly isWell: boolean
  /** `answers (200)` */
  readonly answer: string
  /** The balancer that holds the address, where another one could take it over. */
  readonly addressOwner?: string
}

/** Looks at a stack as a visitor would, and finds out who holds its address. */
export async function firstLook(session: Session): Promise<FirstLook> {
  const { stack } = session
  const url = `http://${publicAddress(stack)}`
  const seen = await visit(url, stack.declared.app.health)
  // Once the address answers, somebody holds it.
  const addressOwner = await findAddressOwner(session)
  return { url, ...seen, ...(addressOwner !== undefined && { addressOwner }) }
}

/**
 * Asks the address itself, as a visitor would; where it has no front page, the health path. From outside the servers' network
 * that may not be possible.
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
