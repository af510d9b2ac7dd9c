import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { type BytePath, readable } from './byte-path.ts'
import { git, gitOrNothing, isInGit } from './git.ts'
import { refuseLfsPointers } from './lfs-pointers.ts'
import type { LeftOut } from './left-out.ts'
import { listTree } from './list-tree.ts'

export interface Listed {
  /** The files of a fresh clone. The build gets all of them; packing leaves out what must not be shipped. */
  readonly tracked: readonly BytePath[]
  /** The files that only this computer has. */
  readonly own: readonly BytePath[]
  /** Folders, also empty ones, which git does not list. */
  readonly folders: readonly BytePath[]
  readonly leftOut: readonly LeftOut[]
  /** True where git ignores the whole folder. Then all its files are taken. */
  readonly isIgnored?: boolean
}

const nothing: Listed = { tracked: [], own: [], folders: [], leftOut: [] }

/**
 * Lists the source in a folder. In a git work tree it lists what git tracks or would track, submodules included; elsewhere
 * everything but `node_modules`.
 * @throws TRI-RELEASE-007 where git refuses, or files that it tracks are not here
 */
export async function listSource(source: string): Promise<Listed> {
  if (!(await isInGit(source))) return await listFolder(source)
  const listed = await listWithGit(source)
  const isEmpty = listed.tracked.length + listed.own.length + listed.leftOut.length === 0
  // Git ignores the folder, but app.source names it: so it is meant.
  if (isEmpty && (await gitOrNothing(['check-ignore', '-q', '.'], { cwd: source })) !== undefined)
    return { ...(await listFolder(source)), isIgnored: true }
  return listed
}

/** All files in a folder, without asking git; with `only`, those below that path. */
export async function listFolder(source: string, only: BytePath = ''): Promise<Listed> {
  const entries = await listTree(source, (name) => name === 'node_modules' || neverCopied.has(name), only)
  const having = (is: string): readonly BytePath[] => entries.filter((one) => one.is === is).map(({ path }) => path)
  return {
    ...nothing,
    own: [...having('file'), ...having('link')],
    folders: having('folder'),
    leftOut: having('other').map((path) => ({ path, why: 'special' })),
  }
}

/** Never part of a release: the folders of git and Trimaran. */
export const neverCopied: ReadonlySet<string> = new Set(['.git', '.trimaran'])

async function listWithGit(source: string): Promise<Listed> {
  const [indexed, others] = await Promise.all([
    git(['ls-files', '-z', '-t', '--stage'], { cwd: source }),
    git(['ls-files', '-z', '--others', '--exclude-standard'], { cwd: source }),
  ])
  const tracked = recordsIn(indexed).map(readRecord)
  const [modules, files] = divide(tracked, ({ isModule }) => isModule)
  const [sparse, here] = divide(files, ({ isSparse }) => isSparse)
  const [repositories, own] = divide(recordsIn(others), (path) => path.endsWith('/'))
  await refuseLfsPointers(source)
  const nested = await Promise.all([
    ...modules.map(async ({ path }) => below(path, await listModule(source, path))),
    // A separate repository inside this one: git does not list its files, but does not ignore it either.
    ...repositories.map(async (path) => asOwn(below(path.slice(0, -1), await listSource(textOf(source, path))))),
  ])
  return {
    tracked: [...new Set([...here.map(({ path }) => path), ...nested.flatMap((one) => one.tracked)])],
    own: [...own, ...nested.flatMap((one) => one.own)],
    folders: nested.flatMap((one) => one.folders),
    leftOut: [...sparse.map(({ path }): LeftOut => ({ path, why: 'sparse' })), ...nested.flatMap((one) => one.leftOut)],
  }
}

const recordsIn = (output: string): readonly string[] => output.split('\0').filter((one) => one !== '')

/** `H 100644 abc… 0<tab>path`. */
function readRecord(record: string) {
  const tab = record.indexOf('\t')
  const [tag, mode] = record.slice(0, tab).split(' ')
  return { path: record.slice(tab + 1), isSparse: tag?.toUpperCase() === 'S', isModule: mode === '160000' }
}

/** Lists the source of a submodule, which is a separate repository. A submodule that is not checked out is an empty folder. */
async function listModule(source: string, path: BytePath): Promise<Listed> {
  const folder = textOf(source, path)
  const entries: readonly string[] = await readdir(folder).catch(() => [])
  if (entries.includes('.git')) return await listSource(folder)
  if (entries.length > 0) return await listFolder(folder)
  throw failure('TRI-RELEASE-007', {
    what: `The submodule ${readable(path)} is not checked out here`,
    state: 'nothing was shipped: the release would lack its files',
    next: `\`git -C ${source} submodule update --init --recursive\``,
  })
}

/** Paths of inner repositories are read as UTF-8: git gets them as words of a command. */
const textOf = (source: string, path: BytePath): string => join(source, readable(path))

const below = (folder: BytePath, { tracked, own, folders, leftOut }: Listed): Listed => ({
  tracked: tracked.map((path) => `${folder}/${path}`),
  own: own.map((path) => `${folder}/${path}`),
  folders: [folder, ...folders.map((path) => `${folder}/${path}`)],
  leftOut: leftOut.map(({ path, why }) => ({ path: `${folder}/${path}`, why })),
})

const asOwn = (listed: Listed): Listed => ({ ...listed, tracked: [], own: [...listed.tracked, ...listed.own] })

function divide<T>(all: readonly T[], isOne: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(isOne), all.filter((one) => !isOne(one))]
}
