import { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { failure } from '../errors/failure.ts'

interface GitOptions {
  readonly cwd: string
  /** Beside the operator's own environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

interface Said {
  readonly code: number
  /** One letter for each byte. */
  readonly stdout: string
  readonly words: string
}

/**
 * Whether a folder is part of a git repository: whether it, or a folder above it, has `.git`. Git may refuse that repository;
 * the folder must not count as one without git then.
 */
export async function isInGit(folder: string): Promise<boolean> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    const found = await lstat(join(place, '.git')).catch(() => undefined)
    if (found !== undefined) return true
    if (place === dirname(place)) return false
  }
}

/**
 * What git prints, with one letter for each byte.
 * @throws TRI-RELEASE-007 with git's own words, where git refuses.
 */
export async function git(words: readonly string[], options: GitOptions): Promise<string> {
  const said = await askGit(words, options)
  if (said.code === 0) return said.stdout
  throw refused(said, options.cwd)
}

/** The same; returns `undefined` where git ends with 1, which means no. */
export async function gitOrNothing(words: readonly string[], options: GitOptions): Promise<string | undefined> {
  const said = await askGit(words, options)
  if (said.code === 0) return said.stdout
  if (said.code === 1) return undefined
  throw refused(said, options.cwd)
}

/** Runs git and returns its exit code and output; the code is 127 where git is not installed. */
export async function askGit(words: readonly string[], { cwd, env = {}, input = '' }: GitOptions): Promise<Said> {
  const child = spawn('git', words, { cwd, env: { ...withoutRepository(process.env), ...env } })
  const pieces: Buffer[] = []
  const said: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  child.stderr.on('data', (piece: Buffer) => said.push(piece))
  child.stdin.on('error', () => undefined).end(input, 'latin1')
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return {
      code: code ?? 1,
      stdout: Buffer.concat(pieces).toString('latin1'),
      words: Buffer.concat(said).toString().trim(),
    }
  } catch (error) {
    return { code: 127, stdout: '', words: error instanceof Error ? error.message : String(error) }
  }
}

/** Git sets these variables in hooks. They are dropped, because they name the hook's repository. */
const ofRepository: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
])

const withoutRepository = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !ofRepository.has(name))),
  GIT_OPTIONAL_LOCKS: '0',
})

function refused({ code, words }: Said, folder: string): Error {
  const [, safe] = /^\s*(git config --global --add safe\.directory .+)$/m.exec(words) ?? []
  return failure('TRI-RELEASE-007', {
    what: code === 127 ? 'There is a git repository here, and no git' : `git refuses the repository of ${folder}`,
    why: words === '' ? `it ended with ${code}` : words,
    state: 'nothing was shipped: without git nobody knows which files belong to the release',
    next:
      code === 127
        ? 'install git on this computer'
        : safe === undefined
          ? `see that \`git -C ${folder} status\` works`
          : `if you trust who owns these files: \`${safe}\``,
  })
}
