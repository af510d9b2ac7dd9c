import type { StackState } from '../stack/stack-state.ts'
import { serversOf, type Stack } from '../stack/stack.ts'
import type { Visit } from './visit.ts'

/** `http://198.18.0.10 answers (503 to /up), asked from web-1` */
export const describeVisit = ({ url, from, answer }: Visit): string =>
  `${url} ${answer}${from === 'this computer' ? '' : `, asked from ${from}, since this computer does not reach it`}`

/** Why visitors are served by nobody on purpose; `undefined` where they should be served. */
export function whyNobodyIsServed(
  stack: Pick<Stack, 'servers'>,
  { drained, maintenance }: Pick<StackState, 'drained' | 'maintenance'>,
): string | undefined {
  if (maintenance !== undefined) return 'visitors see the maintenance page'
  const tier = (['balancer', 'web', 'app'] as const).find((one) => {
    const servers = serversOf(stack, one)
    return servers.length > 0 && servers.every(({ name }) => drained.includes(name))
  })
  return tier && `every ${tier} server is drained`
}
