import type { Resource } from '../../resources/resource.ts'
import { lines, sh, type Shell } from '../../shell/sh.ts'
import { serversOf, type Stack } from '../../stack/stack.ts'
import { appFolder } from './app-folder.ts'

/*
 * Folders of the release in which the app may write: kept outside of the releases, and seen at their place in each of them.
 * Why: docs/decisions/writable-folders.md
 */

/** Where a server keeps what the app writes. */
export const writableFolder = `${appFolder}/writable`

type Known = Pick<Stack, 'declared'>

/** The folders themselves, the app's own; those above them are root's. */
export function writableFolders({ declared: { app } }: Known): readonly Resource[] {
  if (app.writable.length === 0) return []
  const above = new Set(
    app.writable.flatMap((folder) => {
      const names = folder.split('/').slice(0, -1)
      return names.map((_, index) => `${writableFolder}/${names.slice(0, index + 1).join('/')}`)
    }),
  )
  return [
    ...[writableFolder, ...above].map((path): Resource => ({
      kind: 'directory',
      path,
      mode: '0755',
      owner: 'root',
      group: 'root',
    })),
    ...app.writable.map((folder): Resource => ({
      kind: 'directory',
      path: `${writableFolder}/${folder}`,
      mode: '0755',
      owner: 'app',
      group: 'app',
    })),
  ]
}

/** Where a unit of the app sees them, in the folder of its release. */
export const bindPaths = ({ declared: { app } }: Known, release: string): readonly string[] =>
  app.writable.map((folder) => `BindPaths=${writableFolder}/${folder}:${release}/${folder}`)

/**
 * Adds what a release has in these folders, as the app's user: files that are there already stay as they are, and no link that
 * the app has made there leads root anywhere.
 */
export const fillWritable = ({ declared: { app } }: Known, release: string): Shell =>
  lines(
    app.writable.map((folder) => {
      const [from, to] = [`${appFolder}/releases/${release}/${folder}`, `${writableFolder}/${folder}`]
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
  const { writable } = stack.declared.app
  const count = serversOf(stack, 'app').length
  if (writable.length === 0 || count < 2) return []
  return [
    `Each of the ${count} app servers has its own copy of ${writable.join(', ')} (app.writable): what one of them writes, the others do not have. Use object storage, or one app server.`,
  ]
}
