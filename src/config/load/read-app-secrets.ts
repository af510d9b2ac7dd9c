import { isUtf8 } from 'node:buffer'
import { exec } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { failure } from '../../errors/failure.ts'
import { learnSecret } from '../../speech/known-secrets.ts'
import type { SecretEntry } from '../schema.ts'

/** Longest that a command may take to find a secret; a vault may ask for a password. */
const patienceMilliseconds = 120_000

/**
 * The values of `app.secrets`: what a secret's own command prints, without the last line break; else the variable of that
 * name in the operator's environment; else in `.env` beside the config. None is ever told to anybody.
 * @throws TRI-CONFIG-007 names those that were found nowhere, and commands that failed.
 */
export async function readAppSecrets(
  secrets: readonly SecretEntry[],
  { folder, file }: { readonly folder: string; readonly file: string },
): Promise<Readonly<Record<string, string>>> {
  if (secrets.length === 0) return {}
  const dotEnv = await readDotEnv(join(folder, '.env'))
  const found = await Promise.all(
    secrets.map(async ({ name, command }) => {
      const one = command === undefined ? lookFor(name, dotEnv) : await askCommand(command, folder)
      // At once: even where another one is missing, this one is in no message.
      if ('value' in one) learnSecret(one.value)
      return { name, ...one }
    }),
  )
  const missing = found.flatMap((one) => ('why' in one ? [`${one.name}: ${one.why}`] : []))
  if (missing.length > 0) {
    throw failure('TRI-CONFIG-007', {
      what:
        missing.length === 1
          ? 'A secret of the app was not found'
          : `${missing.length} secrets of the app were not found`,
      where: file,
      why: missing.join('\n'),
      state: 'nothing was changed',
      next: nextFor(secrets.filter(({ name }) => found.some((one) => one.name === name && 'why' in one))),
    })
  }
  return Object.fromEntries(found.flatMap((one) => ('value' in one ? [[one.name, one.value]] : [])))
}

/** A command that fails is run by hand first; what has none is put where it is looked for. */
function nextFor(missing: readonly SecretEntry[]): string {
  const commands = missing.flatMap(({ command }) => command ?? [])
  const asked =
    commands.length === 0
      ? []
      : [`make ${commands.map((one) => `\`${one}\``).join(', ')} print it in the folder of the config`]
  const named = missing.filter(({ command }) => command === undefined).map(({ name }) => name)
  const looked =
    named.length === 0
      ? []
      : [`set ${named.join(', ')} in your environment, or in .env beside the config (and that in .gitignore)`]
  return [...asked, ...looked].join('\n')
}

type Found = { readonly value: string } | { readonly why: string }

function lookFor(name: string, dotEnv: NodeJS.Dict<string>): Found {
  const value = process.env[name] ?? dotEnv[name]
  return value === undefined ? { why: 'neither in your environment nor in .env beside the config' } : { value }
}

async function readDotEnv(file: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

/** Runs the operator's own command, with all of their environment but the stack key, which it has no use for. */
async function askCommand(command: string, cwd: string): Promise<Found> {
  try {
    const { TRIMARAN_KEY: _key, ...env } = process.env
    const { stdout } = await promisify(exec)(command, { cwd, env, timeout: patienceMilliseconds, encoding: 'buffer' })
    const objection = objectionTo(stdout)
    if (objection !== undefined) return { why: `\`${command}\` ${objection}` }
    return { value: stdout.toString().replace(/\r?\n$/, '') }
  } catch (error) {
    const { code, killed, stderr = '' } = error as { code?: number; killed?: boolean; stderr?: string | Buffer }
    const last = stderr.toString().trim().split('\n').at(-1) ?? ''
    const end =
      killed === true ? `did not end within ${patienceMilliseconds / 1000} s` : `ended with ${code ?? 'a signal'}`
    return { why: `\`${command}\` ${end}${last === '' ? '' : `: ${last}`}` }
  }
}

/** An environment variable is text, and ends at its first NUL. */
function objectionTo(printed: Buffer): string | undefined {
  if (printed.toString().trim() === '') return 'printed nothing'
  if (printed.includes(0)) return 'printed a NUL byte, which no environment variable can hold: let it print base64'
  return isUtf8(printed) ? undefined : 'printed bytes that are no UTF-8: let it print base64'
}
