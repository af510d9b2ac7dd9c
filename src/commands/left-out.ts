import { type Answers, isObservation } from '../observation/observation.ts'
import { changeOrders, isDrained, type Orders, withUnaware } from '../stack/orders.ts'
import { type Server, serversOf } from '../stack/stack.ts'
import type { Output } from '../ui/output.ts'
import type { Planned } from './plan-stack.ts'
import type { Session } from './session.ts'

/**
 * Has the neighbours of servers that do not answer leave them out: were one to come back, it would serve what ran last. Not
 * so where nobody else of its tier could serve: it may be this computer alone that does not reach them.
 */
export function leaveOutSilent(orders: Orders, answers: Answers, { stack }: Pick<Session, 'stack'>): Orders {
  const reaches = ({ name }: Server): boolean => isObservation(answers.get(name)!)
  const silent = (['app', 'web'] as const).flatMap((tier) => {
    const inService = serversOf(stack, tier).filter(({ name }) => !isDrained(orders, name))
    return inService.some(reaches) ? inService.filter((server) => !reaches(server)) : []
  })
  const { unaware = [] } = orders
  const missing = silent.map(({ name }) => name).filter((name) => !unaware.includes(name))
  return missing.length === 0 ? orders : changeOrders(withUnaware(orders, [...unaware, ...missing]), {})
}

/** The servers that were to have the release, and did not answer. */
export const leftOut = ({ answers, orders }: Planned, { stack }: Session): readonly string[] =>
  stack.servers
    .filter(({ tier }) => tier === 'app' || tier === 'web')
    .filter(({ name }) => !isObservation(answers.get(name)!) && !isDrained(orders, name))
    .map(({ name }) => name)

/** What is said of them at the end, for those that their neighbours leave out, and for those that may serve as they are. */
export function tellLeftOut(
  names: readonly string[],
  { orders: { unaware = [] } }: Pick<Planned, 'orders'>,
  { tone }: Pick<Output, 'tone'>,
): string {
  const isOut = (name: string): boolean => unaware.includes(name)
  const tell = (some: readonly string[], meanwhile: string): readonly string[] =>
    some.length === 0
      ? []
      : [
          `${tone.yellow('!')} ${some.join(', ')} did not answer: \`trimaran up\` brings the release there; ${meanwhile}`,
        ]
  return [
    ...tell(names.filter(isOut), 'until then nothing is sent there, even if the power comes back'),
    ...tell(
      names.filter((name) => !isOut(name)),
      'until then what ran last is served there',
    ),
  ].join('\n')
}
