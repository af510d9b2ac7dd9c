import { z } from 'zod'
import type { ProcessInput } from './app-input.ts'
import type { ServerInput } from './servers-input.ts'
import { checkDestination } from './values/destination.ts'
import { checkAddress, checkVirtualAddress } from './values/network.ts'
import type { Check } from './values/objection.ts'
import { bytesOf, checkSize, sizePattern } from './values/size.ts'

/**
 * The kinds of values that a config holds. Each is told what it is meant to be, a noun that completes "it must be …",
 * and that sentence is what the user reads when the value has the wrong type or is missing.
 */

/** One server that the user named, whether by a text or by an object. */
export type ServerEntry = ServerInput

/** A program of the release beside `web`, whether it was named by a text or by an object. */
export type ProcessEntry = ProcessInput

/** A secret by name; without a command it is looked for in the environment and in `.env`. */
export interface SecretEntry {
  readonly name: string
  readonly command?: string
  /** Whether the build finds it in its environment, too. */
  readonly build?: boolean
}

/** A text that is not blank, and that the check has nothing against. */
export const text = (meant: string, check?: Check) =>
  z
    .string({ error: meant })
    .superRefine(heed((value) => (value.trim() === '' ? { reason: `it must be ${meant}` } : check?.(value))))

/** A size, read as bytes. */
export const size = (meant: string, least: string) =>
  text(meant, checkSize(least))
    .meta({ title: 'a size', pattern: sizePattern.source.replace('KB|MB|GB', '[KkMmGg][Bb]') })
    .transform(bytesOf)

export const wholeNumber = (meant: string, least: number, most: number) =>
  z
    .int({ error: meant })
    .min(least, { error: `it must be at least ${least}` })
    .max(most, { error: `it can be at most ${most}` })

export const seconds = wholeNumber('a whole number of seconds, such as 30', 1, 3600)

export const yesOrNo = (meant: string) => z.boolean({ error: meant })

export const section = <Shape extends z.ZodRawShape>(meant: string, shape: Shape) =>
  z.strictObject(shape, { error: meant })

export const listOrNone = <Item extends z.ZodType>(meant: string, item: Item) => z.array(item, { error: meant })

export const list = <Item extends z.ZodType>(meant: string, item: Item) =>
  z.array(item, { error: meant }).min(1, { error: 'it must name at least one' })

const serverEntry = section('an SSH destination, or { ssh, address }', {
  ssh: text('an SSH destination', checkDestination),
  address: text('the private IPv4 address of the server', checkAddress).exactOptional(),
})

const server = z.union(
  [text('an SSH destination', checkDestination).transform((ssh): ServerEntry => ({ ssh })), serverEntry],
  { error: "an SSH destination, such as 'web-a.example.com', or { ssh, address }" },
)

/** A count, or a list of SSH destinations; texts in the list become entries. */
export function servers(most: number, why: string) {
  const tooMany = `it can be at most ${most}, since ${why}`
  return z.union(
    [
      z
        .int({ error: 'a whole number of servers' })
        .min(1, { error: 'every tier needs at least one server' })
        .max(most, { error: tooMany }),
      z
        .array(server)
        .min(1, { error: 'every tier needs at least one server' })
        .max(most, { error: tooMany.replace('it can be at most', 'the list can have at most') }),
    ],
    { error: "a number of servers, such as 2, or a list of SSH destinations, such as ['web-a.example.com']" },
  )
}

const meantAddress = "an IPv4 address with the prefix length of its network, such as '203.0.113.10/24'"

export const virtualAddress = z.union(
  [
    text(meantAddress, checkVirtualAddress),
    section(`${meantAddress}, or { address, move }`, {
      address: text(meantAddress, checkVirtualAddress),
      move: text("the script that moves the address, such as './move-address.sh'").exactOptional(),
    }),
  ],
  { error: `${meantAddress}, or { address, move }` },
)

/** Values by names; the names are checked too. */
export const named = <Value extends z.ZodType>(meant: string, check: Check, value: Value) =>
  z.record(z.string().superRefine(heed(check)), value, { error: meant })

function heed(check: Check) {
  return (value: string, context: z.core.$RefinementCtx<string>): void => {
    const objection = check(value)
    if (objection === undefined) return
    const { reason, suggestion } = objection
    context.addIssue({ code: 'custom', message: reason, params: { suggestion } })
  }
}
