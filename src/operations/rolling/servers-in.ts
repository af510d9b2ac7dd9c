import type { Server, Stack } from '../../stack/stack.ts'
import { serversNamed } from '../session/session.ts'

/** The servers that words name: servers, tiers, or `all`; each once. */
export const serversIn = (stack: Pick<Stack, 'servers'>, words: readonly string[]): readonly Server[] => [
  ...new Set(words.flatMap((word) => (word === 'all' ? stack.servers : serversNamed(stack, word)))),
]
