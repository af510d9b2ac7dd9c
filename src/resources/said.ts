import { z } from 'zod'
import { checkSource } from '../config/values/network.ts'
import { releasePattern } from '../config/values/names.ts'

/** The values of which everything is made that a server may say: each fact and each figure has a schema of these. */

/** Words that are shown and never anything else: bounded, on one line. */
export const text = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^\P{Cc}*$/u)

/** An absolute path without a step back, an empty part or a character that somebody could stumble over. */
export const path = z
  .string()
  .max(1024)
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[\w.@:+,%=~-]+)+$/)

/** Where a link leads: a path from the root, or one that begins with a name. */
export const linkTarget = z
  .string()
  .max(1024)
  .regex(/^\/?(?!-)[\w.@:+,%=~-]+(?:\/[\w.@:+,%=~-]+)*$/)

/** systemd.unit(5): "Valid unit names consist of … letters, digits, and ":", "-", "_", ".", "\"", and an @ for instances. */
export const unitName = z
  .string()
  .max(255)
  .regex(/^[\w:.\\-][\w:.@\\-]*\.(?:service|socket|target|timer|path|mount|automount|swap|slice|scope|device)$/)

export const release = z.string().regex(releasePattern)

/** useradd(8); a number where the user is no more. */
export const userName = z.string().regex(/^(?:[A-Za-z_][\w.-]{0,31}|\d{1,10})$/)

export const mode = z.string().regex(/^[0-7]{4}$/)

export const fingerprint = z.string().regex(/^[0-9a-f]{16}$/)

/** An IPv4 address as the config takes it, and no network. */
export const address = z.string().refine((value) => !value.includes('/') && checkSource(value) === undefined)

/** IFNAMSIZ is 16, with the NUL. */
export const networkInterface = z.string().regex(/^[\w.:-]{1,15}$/)

/** Petabytes are beyond every server that this is for. */
export const bytes = z
  .int()
  .min(0)
  .max(2 ** 53 - 1)
export const count = z
  .int()
  .min(0)
  .max(2 ** 53 - 1)
/** Seconds since 1970, until the year 2255. */
export const moment = z.number().min(0).max(9e9)
export const seconds = z.number().min(-1e9).max(9e9)
