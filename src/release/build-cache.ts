import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { pathIn, readable } from './byte-path.ts'
import { readLock, whyItVaries } from './installed-modules.ts'
import { linkOnTheWay } from './link-on-the-way.ts'
import { listTree } from './list-tree.ts'
import { runProgram } from './run-program.ts'

export interface BuildCacheOptions {
  /** Where it is kept, from one build to the next. */
  readonly folder: string
  /** `app.cache`. */
  readonly paths: readonly string[]
  readonly tree: string
  /** The whole build, and what installs packages in it. */
  readonly build: string
  readonly install: string | undefined
  readonly env: NodeJS.ProcessEnv
}

export interface BuildCache {
  /** Restores `node_modules`. Returns the reason where it does not. */
  restoreModules(): Promise<{ readonly isRestored: boolean; readonly why?: string }>
  saveModules(): Promise<void>
  restoreFolders(): Promise<void>
  /** Takes caches out of the release, and keeps them. Returns their paths. */
  takeFolders(): Promise<readonly string[]>
  /** Called after a failed build: the cache may be the reason. */
  forget(): Promise<void>
}

export const modules = 'node_modules'
/** Of each kind, the newest cache and one older are kept: another branch may use that. */
const keptOfEachKind = 2
const lockFiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  'composer.lock',
  'Cargo.lock',
  'go.sum',
  'uv.lock',
  'poetry.lock',
  'Gemfile.lock',
]
/** Fetched pages and pictures in a cache folder. They are not kept: an old copy would be shown for ever. */
const neverKept: ReadonlySet<string> = new Set(['.next/cache/fetch-cache', '.next/cache/images'])

/**
 * The cache between builds. It is used as long as its sources are the same: the lock file, every package.json and `.npmrc`, and
 * the versions of Node and npm. Caches of frameworks also depend on the build command and `.env` files.
 */
export async function openBuildCache(options: BuildCacheOptions): Promise<BuildCache> {
  const { folder, paths, tree, install, build, env } = options
  const own = (await listTree(tree, (name) => name === modules))
    .filter(({ is }) => is === 'file')
    .map(({ path }) => path)
  const versions = (await runProgram('/bin/sh', ['-c', 'node -v; npm -v'], { cwd: tree, env })).lastLines.join(' ')
  const npmSettings = Object.entries(env).filter(([name]) => /^npm_config_|^NODE_OPTIONS$/i.test(name))
  const hasLock = own.some((path) => lockFiles.includes(path))
  const digest = async (isOne: (name: string) => boolean, ...more: readonly unknown[]): Promise<string> => {
    const hash = createHash('sha256').update(
      JSON.stringify([process.platform, process.arch, versions, npmSettings, more]),
    )
    for (const path of own.filter((one) => isOne(one.split('/').at(-1)!)).toSorted())
      hash.update(`\0${path}\0`).update(
        createHash('sha256')
          .update(await readFile(pathIn(tree, path)))
          .digest(),
      )
    return hash.digest('hex').slice(0, 32)
  }
  const isManifest = (name: string): boolean => lockFiles.includes(name) || name === 'package.json' || name === '.npmrc'
  const forModules = join(folder, `modules-${await digest(isManifest, install)}`)
  const forFolders = join(
    folder,
    `folders-${await digest((name) => isManifest(name) || name.startsWith('.env'), build)}`,
  )
  const lock =
    paths.includes(modules) && install !== undefined
      ? ((await readLock(join(tree, 'npm-shrinkwrap.json'))) ?? (await readLock(join(tree, 'package-lock.json'))))
      : undefined
  const varies = lock && (await whyItVaries(tree, lock))
  const folders = hasLock ? paths.filter((path) => path !== modules) : []

  return {
    async restoreModules() {
      if (lock === undefined) return { isRestored: false }
      if (varies !== undefined) return { isRestored: false, why: varies }
      if (!(await isThere(forModules))) return { isRestored: false }
      await copyInto(forModules, tree)
      await touch(forModules)
      return { isRestored: true }
    },
    async saveModules() {
      if (lock === undefined || varies !== undefined) return
      const found = (await listTree(tree)).filter(
        ({ path, is }) => is === 'folder' && /^(?:(?!node_modules\/).)*node_modules$/.test(path),
      )
      await keep(forModules, async (into) => {
        for (const { path } of found) {
          const to = join(into, readable(path))
          await mkdir(dirname(to), { recursive: true })
          await run('cp', ['-a', join(tree, readable(path)), to])
        }
      })
      await prune(folder, 'modules-')
    },
    async restoreFolders() {
      if (folders.length === 0 || !(await isThere(forFolders))) return
      await copyInto(forFolders, tree)
      await touch(forFolders)
    },
    async takeFolders() {
      const taken: string[] = []
      if (folders.length === 0) return taken
      await keep(forFolders, async (into) => {
        for (const path of folders) {
          if ((await linkOnTheWay(tree, path)) !== undefined) continue
          const names = await readdir(join(tree, path)).catch(() => [])
          for (const name of names.filter((one) => !neverKept.has(join(path, one)))) {
            await mkdir(join(into, path), { recursive: true })
            await run('mv', ['-f', '--', join(tree, path, name), join(into, path, name)])
            if (!taken.includes(path)) taken.push(path)
          }
        }
      })
      await prune(folder, 'folders-')
      return taken
    },
    async forget() {
      await Promise.all([forModules, forFolders].map((one) => rm(one, { recursive: true, force: true })))
    },
  }
}

/** Replaces the cache in one step: an interrupted build leaves no part of a cache. */
async function keep(place: string, fill: (into: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(place), { recursive: true, mode: 0o700 })
  const work = await mkdtemp(join(dirname(place), '.keeping-'))
  try {
    const whole = join(work, 'whole')
    await mkdir(whole)
    await fill(whole)
    await rm(place, { recursive: true, force: true })
    await rename(whole, place)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const copyInto = (from: string, to: string): Promise<void> => run('cp', ['-a', `${from}/.`, to])

async function run(program: string, words: readonly string[]): Promise<void> {
  const { code, lastLines } = await runProgram(program, words)
  if (code === 0) return
  throw failure('TRI-RELEASE-005', {
    what: 'The build cache could not be copied',
    why: lastLines.join('\n'),
    state: 'no server was touched',
    next: 'see that this disk has room; `app: { cache: [] }` keeps nothing',
  })
}

async function touch(place: string): Promise<void> {
  const now = new Date()
  await utimes(place, now, now)
}

async function prune(folder: string, kind: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(kind) || name.startsWith('.keeping-'))
  const dated = await Promise.all(
    names.map(async (name) => ({ name, used: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  )
  const old = dated.toSorted((a, b) => b.used - a.used).slice(keptOfEachKind)
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { recursive: true, force: true })))
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
