import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** One entry of npm's lock file, or of the copy of it in `node_modules`. */
const packageSchema = z.looseObject({
  name: z.string().optional(),
  dev: z.boolean().optional(),
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
})
const lockSchema = z.looseObject({ packages: z.record(z.string(), packageSchema) })
export type Lock = z.infer<typeof lockSchema>

/** Reads npm's lock file; `undefined` where there is none, or its format is older than 2020. */
export async function readLock(path: string): Promise<Lock | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return lockSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** The package that lies there: `@scope/name` for `node_modules/a/node_modules/@scope/name`. */
export const packageAt = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** The scripts that npm runs when it installs a package from its folder. */
const whileInstalling = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']

/** The install scripts of these read only their own folder and this computer, never the app. */
const selfContained: ReadonlySet<string> = new Set([
  '@parcel/watcher',
  '@swc/core',
  'argon2',
  'bcrypt',
  'better-sqlite3',
  'bufferutil',
  'canvas',
  'core-js',
  'core-js-pure',
  'cpu-features',
  'es5-ext',
  'esbuild',
  'fsevents',
  'isolated-vm',
  'msgpackr-extract',
  'nx',
  'protobufjs',
  'sharp',
  'sqlite3',
  'ssh2',
  'unrs-resolver',
  'utf-8-validate',
])

/**
 * Why `node_modules` may depend on more than the lock file: a script that runs during the install may read any file of the app, as
 * Prisma does. `undefined` where there is no such script.
 */
export async function whyItVaries(tree: string, lock: Lock): Promise<string | undefined> {
  const own = Object.keys(lock.packages).filter((path) => !/(?:^|\/)node_modules\//.test(path))
  for (const folder of own) {
    const text = await readFile(join(tree, folder, 'package.json'), 'utf8').catch(() => '{}')
    const { scripts = {} } = JSON.parse(text) as { scripts?: Readonly<Record<string, string>> }
    const script = whileInstalling.find((name) => Object.hasOwn(scripts, name))
    if (script !== undefined) return `${join(folder, 'package.json')} has a script ${script}`
    const isCompiled = await readFile(join(tree, folder, 'binding.gyp')).then(
      () => true,
      () => false,
    )
    if (isCompiled) return `${join(folder, 'binding.gyp')} is compiled`
  }
  const other = Object.entries(lock.packages).find(
    ([path, { hasInstallScript, name }]) =>
      hasInstallScript === true && !own.includes(path) && !selfContained.has(name ?? packageAt(path)),
  )
  return other && `${packageAt(other[0])} runs a script when it is installed`
}
