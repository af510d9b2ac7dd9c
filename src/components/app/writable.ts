import type { Resource } from '../../resources/resource.ts'
import { lines, sh, type Shell } from '../../shell/sh.ts'
import type { Stack } from '../../stack/stack.ts'
import { ownCopies } from '../../stack/tiers/app.ts'
import { appFolder } from './app-folder.ts'

/*
 * Folders of the release in which the app may write: kept outside of the releases, and seen at their place in each of them.
 * Why: docs/decisions/writable-folders.md
 */

/** Where a server keeps what the app writes. */
const writableFolder = `${appFolder}/writable`

type Known = Pick<Stack, 'declared'>

/**
 * Where a server keeps one of them: side by side, whatever they are called in the release. A folder within another one would be
 * root's or the app's, as the config names the outer one or not, and root makes nothing below what is the app's. No name of such a
 * folder has `=` in it.
 */
const keptAt = (folder: string): string => `${writableFolder}/${folder.replaceAll('/', '=')}`

/** The folders themselves, the app's own; the one above them is root's. */
export function writableFolders({ declared: { app } }: Known): readonly Resource[] {
  if (app.writable.length === 0) return []
  return [
    { kind: 'directory', path: writableFolder, mode: '0755', owner: 'root', group: 'root' },
    ...app.writable.map((folder): Resource => ({
      kind: 'directory',
      path: keptAt(folder),
      mode: '0755',
      owner: 'app',
      group: 'app',
    })),
  ]
}

/** Where a release sees them, for programs that know its folder: `/srv/app/writable/a=b:a/b`. */
export const writablePairs = ({ declared: { app } }: Known): readonly string[] =>
  app.writable.map((folder) => `${keptAt(folder)}:${folder}`)

/** Where a unit of the app sees them, in the folder of its release. */
export const bindPaths = ({ declared: { app } }: Known, release: string): readonly string[] =>
  app.writable.map((folder) => `BindPaths=${keptAt(folder)}:${release}/${folder}`)

/**
 * Adds what a release has in these folders, as the app's user: files that are there already stay as they are, and no link that
 * the app has made there leads root anywhere.
 */
export const fillWritable = ({ declared: { app } }: Known, release: string): Shell =>
  lines(
    app.writable.map((folder) => {
      const [from, to] = [`${appFolder}/releases/${release}/${folder}`, keptAt(folder)]
      return sh`
        if [ ! -d ${from} ]; then
          echo ${`release ${release} was built before app.writable named ${folder}`}
          echo '→ deploy a new one'
          exit 1
        fi
        runuser -u app -- cp -R --update=none --no-preserve=ownership ${`${from}/.`} ${to}
      `
    }),
  )

/** What an operator should know before there are several. */
export function remarkOnWritable(stack: Pick<Stack, 'servers' | 'declared'>): readonly string[] {
  const copies = ownCopies(stack)
  return copies === undefined ? [] : [`${copies.what}. ${copies.why}: ${copies.next}.`]
}
