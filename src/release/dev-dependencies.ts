import { lstat, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure } from '../errors/failure.ts'
import { linkOnTheWay } from './link-on-the-way.ts'
import { type Lock, packageAt, readLock } from './installed-modules.ts'

export interface Removed {
  readonly packages: number
}

/**
 * Removes the packages that npm installed for `devDependencies` alone from a built release, as `npm prune --omit=dev` does: only
 * the build needs them. Without npm's own list of installed packages, nothing is removed, and nothing of a folder that a link leads to.
 * @param commands the commands that servers run.
 * @throws TRI-RELEASE-002 where one of them plainly needs such a package
 */
export async function removeDevDependencies(tree: string, commands: readonly string[]): Promise<Removed> {
  const list = join(tree, 'node_modules/.package-lock.json')
  const lock = await readLock(list)
  if (lock === undefined) return { packages: 0 }
  const named = Object.keys(lock.packages).filter((path) => lock.packages[path]!.dev === true && isInside(path))
  const links = await Promise.all(named.map((path) => linkOnTheWay(tree, dirname(path))))
  const paths = named.filter((_, index) => links[index] === undefined)
  if (paths.length === 0) return { packages: 0 }
  await refuseNeeded(tree, paths, lock, commands)
  await Promise.all(paths.map((path) => rm(join(tree, path), { recursive: true, force: true })))
  await removeDanglingPrograms(tree, lock)
  const kept = Object.entries(lock.packages).filter(([path]) => !paths.includes(path))
  await writeFile(list, `${JSON.stringify({ ...lock, packages: Object.fromEntries(kept) }, undefined, 2)}\n`)
  return { packages: paths.length }
}

const isInside = (path: string): boolean =>
  /(?:^|\/)node_modules\/[^/]/.test(path) && !path.startsWith('/') && !path.split('/').includes('..')

async function removeDanglingPrograms(tree: string, { packages }: Lock): Promise<void> {
  const folders = new Set(
    Object.keys(packages)
      .filter(isInside)
      .map((path) => path.slice(0, path.lastIndexOf('node_modules/') + 'node_modules'.length)),
  )
  for (const folder of folders) {
    if ((await linkOnTheWay(tree, `${folder}/.bin`)) !== undefined) continue
    const programs = join(tree, folder, '.bin')
    for (const name of await readdir(programs).catch(() => [])) {
      const program = join(programs, name)
      const leads = await stat(program).catch(() => undefined)
      if (leads === undefined && (await lstat(program)).isSymbolicLink()) await rm(program)
    }
  }
}

async function refuseNeeded(
  tree: string,
  paths: readonly string[],
  { packages }: Lock,
  commands: readonly string[],
): Promise<void> {
  const owners = new Map(
    paths
      .filter((path) => path.lastIndexOf('node_modules/') === 0)
      .flatMap((path) => {
        const { bin = {}, name = packageAt(path) } = packages[path]!
        const programs = typeof bin === 'string' ? [name.replace(/^@[^/]+\//, '')] : Object.keys(bin)
        return [packageAt(path), ...programs]
          .filter((word) => !ofRuntime.has(word))
          .map((word) => [word, packageAt(path)] as const)
      }),
  )
  for (const command of commands) {
    const word = (await neededBy(command, tree)).find((one) => owners.has(one))
    if (word === undefined) continue
    throw failure('TRI-RELEASE-002', {
      what: `\`${command}\` needs ${owners.get(word)}, which is in devDependencies and so not in the release`,
      where: 'app.devDependencies',
      state: 'no server was touched',
      next: `move ${owners.get(word)} to dependencies, or keep them all with app: { devDependencies: true }`,
    })
  }
}

/** Servers have these programs anyway, even where a package brings its own. */
const ofRuntime: ReadonlySet<string> = new Set(['node', 'npm', 'npx'])

/** The start of a command: the first word, a word after `&&` and the like, or a word after a program that runs others. */
const program =
  /(?<=^|&&|\|\||[;|(]|\b(?:exec|npx|env)\s)\s*(?:--\s+|-\S+\s+|\w+=\S*\s+)*(?:\.\/)?(?:node_modules\/\.bin\/)?(@?[\w./-]+)/g
/** What Node loads before the program, or runs out of `node_modules`. */
const loaded =
  /(?:--(?:import|require|loader|experimental-loader)[= ]|-r\s+|node_modules\/(?!\.bin\/))((?:@[\w.-]+\/)?[\w.-]+)/g
const script = /\bnpm\s+(?:run(?:-script)?\s+)?(?:--?\S+\s+)*([\w:.-]+)/g

/** Names of the programs and packages that a command plainly needs, also through the npm scripts that it runs. */
async function neededBy(command: string, tree: string, depth = 3): Promise<readonly string[]> {
  const words = [program, loaded].flatMap((pattern) => [...command.matchAll(pattern)].map((match) => match[1]!))
  const names = [...command.matchAll(script)].map((match) => match[1]!)
  if (depth === 0 || names.length === 0) return words
  const text = await readFile(join(tree, 'package.json'), 'utf8').catch(() => '{}')
  const { scripts = {} } = JSON.parse(text) as { scripts?: Readonly<Record<string, string>> }
  const nested = names.flatMap((name) => [`pre${name}`, name, `post${name}`]).flatMap((name) => scripts[name] ?? [])
  return [...words, ...(await Promise.all(nested.map((one) => neededBy(one, tree, depth - 1)))).flat()]
}
