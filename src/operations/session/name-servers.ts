import { failure } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import { type Server, serversOf, type Stack, type TierName } from '../../stack/stack.ts'
import { tierNames, tiersOf } from '../../stack/tiers.ts'

/** The one server of that name. @throws TRI-SERVER-001 */
export function oneServer(stack: Pick<Stack, 'servers'>, name: string): Server {
  const server = stack.servers.find((one) => one.name === name)
  if (server !== undefined) return server
  throw failure('TRI-SERVER-001', {
    what: `${name} is not a server of this stack`,
    why: `servers: ${namesOf(stack)}`,
    next: 'name one of these',
  })
}

/** The servers that an argument names: one server, or all of a tier. @throws TRI-SERVER-001 */
export function serversNamed(stack: Pick<Stack, 'servers'>, word: string): readonly Server[] {
  const tier = tierNames.find((name) => name === word)
  if (tier !== undefined) return serversOfTier(stack, tier)
  const server = stack.servers.find(({ name }) => name === word)
  if (server !== undefined) return [server]
  throw failure('TRI-SERVER-001', {
    what: `${word} is neither a server nor a tier of this stack`,
    why: `servers: ${namesOf(stack)}; tiers: ${tiersOf(stack).join(', ')}`,
    next: 'name one of these',
  })
}

/** The servers of a tier that the stack must have. @throws TRI-SERVER-001 */
export function serversOfTier(stack: Pick<Stack, 'servers'>, tier: TierName): readonly Server[] {
  const servers = serversOf(stack, tier)
  if (servers.length > 0) return servers
  throw failure('TRI-SERVER-001', {
    what: `This stack has no ${tier} tier`,
    why: `its tiers are ${tiersOf(stack).join(', ')}`,
    next: `${trimaran('explain')} shows what it has; a section \`${tier}\` in the file adds that tier`,
  })
}

/** The servers that arguments name: servers, tiers, or `all`; each once. @throws TRI-SERVER-001 */
export const serversIn = (stack: Pick<Stack, 'servers'>, words: readonly string[]): readonly Server[] => [
  ...new Set(words.flatMap((word) => (word === 'all' ? stack.servers : serversNamed(stack, word)))),
]

const namesOf = ({ servers }: Pick<Stack, 'servers'>): string => servers.map(({ name }) => name).join(', ')
