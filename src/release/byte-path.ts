import { Buffer } from 'node:buffer'

/**
 * A path below some folder, with one letter for each byte. File systems and git may hold names that are not UTF-8; such a name,
 * read as UTF-8, does not lead to its file any more. Plain ASCII reads as usual.
 */
export type BytePath = string

/** The whole path, for the functions of `node:fs`. */
export const pathIn = (folder: string, path: BytePath): Buffer =>
  Buffer.concat([Buffer.from(path === '' ? folder : `${folder}/`), Buffer.from(path, 'latin1')])

export const toBytePath = (text: string): BytePath => Buffer.from(text).toString('latin1')

/** As a person reads it. */
export const readable = (path: BytePath): string => Buffer.from(path, 'latin1').toString()

export const inBytes = (a: BytePath, b: BytePath): number => (a < b ? -1 : a > b ? 1 : 0)
