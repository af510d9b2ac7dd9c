import { TrimaranError } from '../../errors/failure.ts'
import type { Caller, Goal } from '../../status/isolation/expect.ts'
import { holdersOf, portsOfLinks } from '../../status/isolation/expect.ts'
import type { IsolationReport } from '../../status/isolation/isolation.ts'
import { goalsOf, checkIsolation, portsToTry, type Tried } from '../../status/isolation/check-isolation.ts'
import { type Server, sshPort } from '../../stack/stack.ts'
import type { Connection } from '../../transport/transport.ts'
import type { Session } from '../session/session.ts'
import { tryFromHere } from './try-from-here.ts'
import { askSurroundings, type Surroundings, tryFromServer } from './try-from-server.ts'

type Known = Pick<Session, 'stack' | 'connect' | 'tryPort'>

/** Daemons run as users who are nobody special; root may do more, and the app less. */
const usersOn = ({ tier }: Server): readonly string[] => ['root', 'nobody', ...(tier === 'app' ? ['app'] : [])]

/**
 * Tries every connection between the servers, at each port that a link names or that anything listens on, as root, as a daemon and as the
 * app, and from this computer as somebody outside. Holds what it sees against the links. Changes nothing; daemons log connections that
 * said nothing.
 */
export async function verifyIsolation({ stack, connect, tryPort }: Known): Promise<IsolationReport> {
  const startedAt = performance.now()
  const unasked: { server: string; why: string }[] = []
  const asked = new Map<string, Asked>()
  const notAsked = (server: Server, error: unknown): void => {
    if (!(error instanceof TrimaranError)) throw error
    unasked.push({ server: server.name, why: error.facts.what })
  }
  await Promise.all(
    stack.servers.map(async (server) => {
      try {
        const connection = await connect(server)
        asked.set(server.name, { connection, ...(await askSurroundings(connection)) })
      } catch (error) {
        notAsked(server, error)
      }
    }),
  )
  const listeners = new Map([...asked].map(([name, one]) => [name, one.listeners]))
  const ports = {
    tcp: portsToTry(portsOfLinks(stack, 'tcp'), listeners, 'tcp'),
    udp: portsToTry(portsOfLinks(stack, 'udp'), listeners, 'udp'),
  }
  const goalsFrom = (here: Server | undefined): readonly Goal[] =>
    goalsOf(
      here,
      stack.servers.filter(({ name }) => asked.has(name)),
      ports,
      (server) => addressesOf(server, here, { stack, asked }),
    )
  const [here, ...there] = await Promise.all([
    tryFromHere(
      goalsFrom(undefined).filter(({ protocol, port }) => protocol === 'tcp' && port !== sshPort),
      tryPort,
    ),
    ...stack.servers.map(async (server): Promise<readonly Tried[]> => {
      const one = asked.get(server.name)
      if (one === undefined) return []
      const goals = goalsFrom(server)
      // sshd penalises those who open connections and say nothing: root alone tries it.
      const wanted = usersOn(server).map(
        (user) => [user, goals.filter(({ port }) => port !== sshPort || user === 'root')] as const,
      )
      try {
        const tried = await tryFromServer(one.connection, new Map(wanted))
        return tried.map(({ user, goal, seen }) => ({ caller: { server, user }, goal, seen }))
      } catch (error) {
        notAsked(server, error)
        return []
      }
    }),
  ])
  const isOutsideSeen = here.some(({ seen }) => seen !== 'silent')
  const outside: Caller = { user: 'visitor' }
  const tried = [...there.flat(), ...(isOutsideSeen ? here.map((one) => ({ caller: outside, ...one })) : [])]
  const checked = checkIsolation(stack, tried, listeners)
  const changedRules = [...asked].flatMap(([name, { areRulesHeld }]) => (areRulesHeld ? [] : [name])).toSorted()
  return {
    isSound: checked.wrong.length === 0 && changedRules.length === 0 && unasked.length === 0,
    tried: tried.length,
    ...checked,
    changedRules,
    unasked,
    isOutsideSeen,
    milliseconds: performance.now() - startedAt,
  }
}

interface Asked extends Surroundings {
  readonly connection: Connection
}

/** A server's own addresses and, at one of the balancers, the one that moves; a balancer may have that one itself. */
function addressesOf(
  server: Server,
  here: Server | undefined,
  { stack, asked }: Pick<Known, 'stack'> & { readonly asked: ReadonlyMap<string, Asked> },
): readonly string[] {
  const own = [server.address, ...(asked.get(server.name)?.addresses ?? [])]
  const isFirst = holdersOf(stack)[0]?.name === server.name
  return stack.virtualAddress !== undefined && isFirst && here?.tier !== 'balancer'
    ? [...own, stack.virtualAddress.address]
    : own
}
