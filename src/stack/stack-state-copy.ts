import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { checkSource } from '../config/values/network.ts'
import { releasePattern, serverNamePattern } from '../config/values/names.ts'
import type { StackState } from './stack-state.ts'
import { releaseDigestsSchema } from './release-digests.ts'

/** By what a stack's own copies are told from all others: its name, and a secret that derives from its key. */
export interface StackStateSeal {
  readonly stack: string
  readonly key: string
}

/** What a server's copy is good for: a stack state that operators of this very stack wrote, or the reason why it is refused. */
export type StackStateCopy = { readonly stackState: StackState } | { readonly refused: string }

export const sealOf = (stack: { readonly name: string }, secret: (name: string) => string): StackStateSeal => ({
  stack: stack.name,
  key: secret('signature of the stack state'),
})

/**
 * A line for each field, so that a plan's diff tells what changed; the last one is the signature of all others. The fields
 * stand in the schema's order, however it came about: what is read and written again is the same text.
 */
export function writeStackState(stackState: StackState, seal: StackStateSeal): string {
  const said = { stack: seal.stack, ...stackStateSchema.parse(stackState) }
  return `${JSON.stringify({ ...said, signature: sign(said, seal.key) }, undefined, 1)}\n`
}

/**
 * Reads a server's copy; `undefined` where it has none. The signature is looked at first: what is not signed with this
 * stack's key was written by somebody else, who may be root on that server and must not decide for others.
 */
export function readStackState(text: string, seal: StackStateSeal): StackStateCopy | undefined {
  if (text.trim() === '') return undefined
  const copy = text.length > mostCharacters ? undefined : parseObject(text)
  if (copy === undefined) return { refused: 'is not readable' }
  const { signature, ...said } = copy
  if (typeof signature !== 'string') return { refused: 'is not signed' }
  if (!isSame(signature, sign(said, seal.key))) return { refused: 'is not signed with the key of this stack' }
  const { stack, ...stackState } = said
  if (stack !== seal.stack) return { refused: 'is signed for another stack' }
  const read = stackStateSchema.safeParse(stackState)
  if (read.success) return { stackState: read.data }
  const [{ path, message } = { path: [], message: '' }] = read.error.issues
  return { refused: `cannot be understood by this version of Trimaran (${[...path, message].join(': ')})` }
}

/** Far more than the state of a hundred servers takes. */
const mostCharacters = 65_536

const release = z.string().regex(releasePattern)
const server = z.string().regex(serverNamePattern)
const servers = z.array(server).max(500)
const source = z.string().refine((value) => checkSource(value) === undefined)

const stackStateSchema: z.ZodType<StackState> = z.strictObject({
  number: z.int().min(1).max(1_000_000_000),
  release,
  kept: z.array(release).max(50),
  digests: z.record(release, releaseDigestsSchema).exactOptional(),
  unfinished: z.array(release).max(50).exactOptional(),
  commandOn: server.exactOptional(),
  drained: servers,
  drains: z
    .record(server, z.strictObject({ by: z.string().regex(/^[!-~]{1,120}$/), at: z.iso.datetime() }))
    .exactOptional(),
  excluded: servers.exactOptional(),
  maintenance: z.strictObject({ allow: z.array(source).max(1000) }).exactOptional(),
  rolling: z
    .strictObject({ verb: z.enum(['reboot', 'upgrade']), servers, done: servers, aside: servers })
    .exactOptional(),
})

/** Over the very object that is used afterwards: what was signed and what is read cannot differ. */
const sign = (said: object, key: string): string => createHmac('sha256', key).update(JSON.stringify(said)).digest('hex')

function isSame(given: string, computed: string): boolean {
  const [a, b] = [new TextEncoder().encode(given), new TextEncoder().encode(computed)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Objects and lists within one another: no stack state has as many, and what walks through thousands runs out of stack. */
const deepest = 8

const isFlat = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((one) => isFlat(one, levels - 1)))

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) && isFlat(value, deepest)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
