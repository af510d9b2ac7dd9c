import type { Stack } from '../../stack/stack.ts'

/** One of the programs that a release is made of. */
export interface Process {
  readonly name: string
  /** The command that starts it, in the release's folder. */
  readonly command: string
  /** How many of it run on each app server. */
  readonly copies: number
  /** The port of its first copy in the first slot. */
  readonly firstPort: number
}

/** What a release runs on each app server. */
export const processesOf = ({ declared }: Pick<Stack, 'declared'>): readonly Process[] => [
  { name: 'web', command: declared.app.start, copies: 1, firstPort: 3000 },
]
