import { type BytePath, inBytes, readable } from './byte-path.ts'

/** Why something that is in the source, or that the build made, is not in the release. */
export type Why = 'secret' | 'special' | 'sparse'

export interface LeftOut {
  readonly path: BytePath
  readonly why: Why
}

const reasons: Readonly<Record<Why, { readonly one: string; readonly many: string; readonly hint: string }>> = {
  secret: {
    one: 'it looks like a secret',
    many: 'they look like secrets',
    hint: 'values belong in app.secrets; app.include names files to ship all the same',
  },
  special: {
    one: 'it is a pipe, a socket or a device',
    many: 'they are pipes, sockets or devices',
    hint: 'only files, folders and links can be shipped',
  },
  sparse: {
    one: 'a sparse checkout of git leaves it out here',
    many: 'a sparse checkout of git leaves them out here',
    hint: '`git sparse-checkout disable` brings them',
  },
}

const namedAtMost = 40

/** One line for each reason: which files are not shipped, why, and what to do about it. */
export function formatLeftOut(all: readonly LeftOut[]): readonly string[] {
  return [...Map.groupBy(all, ({ why }) => why)].map(([why, alike]) => {
    const paths = [...new Set(alike.map(({ path }) => path))].toSorted(inBytes).map(readable)
    const { one, many, hint } = reasons[why]
    return `not shipped, since ${paths.length === 1 ? one : many}: ${nameSome(paths)} (${hint})`
  })
}

const nameSome = (paths: readonly string[]): string =>
  [...paths.slice(0, namedAtMost), ...(paths.length > namedAtMost ? [`${paths.length - namedAtMost} more`] : [])].join(
    ', ',
  )
