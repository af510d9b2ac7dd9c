import { constants, access, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { failure } from '../errors/failure.ts'

interface Seen {
  readonly start: string
  /** The built release. */
  readonly tree: string
  /** The user's own folder: a file may be there but not in the release. */
  readonly source: string
}

/**
 * Throws TRI-RELEASE-002 when `start` plainly names a file or a script that the release does not have. A `cd` before it counts, as
 * apps in workspaces need it.
 */
export async function findStart({ start, tree, source }: Seen): Promise<void> {
  let folder = ''
  for (const command of start.split(/&&|;/)) {
    const words = wordsOf(command)
    if (/^\s*cd\b/.test(command)) {
      const to = words[1] ?? '/'
      folder = join(folder, to)
      // Where a shell goes is not known, or what lies there is none of the release's.
      if (to.startsWith('/') || folder.startsWith('..')) return
      continue
    }
    const script = scriptOf(words)
    const file = script === undefined ? fileOf(words) : undefined
    if (script !== undefined) await findScript(script, join(tree, folder))
    if (file !== undefined && !(await isThere(join(tree, folder, file))))
      throw await missing(folder === '' ? file : join(folder, file), tree, source)
  }
}

/** The words of a plain command, without `exec` and variables before it. Empty where the command needs a shell. */
function wordsOf(command: string): readonly string[] {
  if (/[|&<>`$(){}'"\\*?#]/.test(command)) return []
  const words = command.trim().split(/\s+/)
  return words.slice(words.findIndex((word) => word !== 'exec' && !/^\w+=/.test(word)))
}

/** `start` for `npm start`, `serve` for `npm run serve`. */
function scriptOf([program, verb, name]: readonly string[]): string | undefined {
  if (program !== 'npm') return undefined
  if (verb === 'start') return 'start'
  return verb === 'run' || verb === 'run-script' ? name : undefined
}

const interpreters = new Set(['node', 'nodejs', 'bun', 'python3', 'python', 'ruby', 'sh', 'bash', 'perl', 'php'])

/** The file that an interpreter gets as its first word, or that is started by its path. */
function fileOf([program = '', ...words]: readonly string[]): string | undefined {
  if (program.startsWith('./') || /^[^/]+\/./.test(program)) return program
  if (!interpreters.has(program)) return undefined
  // An option may take the next word as its value: after it, no word is certain to be a file.
  const isPlain = words.every((word) => !word.startsWith('-') || word.startsWith('--enable') || word.includes('='))
  const file = words.find((word) => !word.startsWith('-'))
  return isPlain && file !== undefined && !file.startsWith('/') ? file : undefined
}

async function findScript(script: string, tree: string): Promise<void> {
  const text = await readFile(join(tree, 'package.json'), 'utf8').catch(() => '{}')
  const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, string> }
  if (Object.hasOwn(scripts, script)) return
  // npm's own rule: a package without the script `start` is started by its server.js.
  if (script === 'start' && (await isThere(join(tree, 'server.js')))) return
  const names = Object.keys(scripts)
  throw failure('TRI-RELEASE-002', {
    what: `package.json of the release has no script ${script}`,
    where: 'app.start',
    next: names.length === 0 ? 'add the script, or start a file' : `add it, or use one of ${names.join(', ')}`,
  })
}

/** As Node finds it: with its usual endings, or as a folder. */
async function isThere(path: string): Promise<boolean> {
  const candidates = ['', '.js', '.mjs', '.cjs', '.ts', '/index.js', '/package.json', '/__main__.py'].map(
    (end) => path + end,
  )
  const found = await Promise.all(
    candidates.map((one) =>
      stat(one).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

async function missing(file: string, tree: string, source: string): Promise<Error> {
  const isIgnored = await access(join(source, file), constants.F_OK).then(
    () => true,
    () => false,
  )
  const similar = await findNamed(basename(file), tree)
  const next = isIgnored
    ? 'it is in your folder, but git ignores it: let app.build make it'
    : similar.length > 0
      ? `did you mean ${similar.slice(0, 3).join(' or ')}?`
      : 'paths are seen from app.source; a file that the build makes must be made by app.build'
  return failure('TRI-RELEASE-002', { what: `The release has no ${file}`, where: 'app.start', next })
}

async function findNamed(name: string, tree: string, folder = '', depth = 4): Promise<readonly string[]> {
  if (depth === 0) return []
  const entries = await readdir(join(tree, folder), { withFileTypes: true })
  const found = entries
    .filter((entry) => entry.name !== 'node_modules')
    .map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return await findNamed(name, tree, path, depth - 1)
      return entry.name === name ? [path] : []
    })
  return (await Promise.all(found)).flat()
}
