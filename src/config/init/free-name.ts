import type { Folder } from './folder.ts'

/** The first of these names that no folder has: what a build writes must not get into a folder of the app, or over it. */
export const freeName = (folder: Folder, first: string, ...others: readonly string[]): string =>
  [first, ...others].find((name) => !folder.entries.includes(`${name}/`)) ?? `${first}-of-release`

/** What a build calls the program that it makes. */
export const programName = (folder: Folder): string => freeName(folder, 'server', 'app', 'program')
