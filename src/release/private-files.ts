import { lstat, open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { type BytePath, pathIn, toBytePath } from './byte-path.ts'
import type { LeftOut } from './left-out.ts'
import { listTree } from './list-tree.ts'

/** Folders of other people's code. What looks like a secret in there was published with it, such as the world's certificates. */
const foreignFolders: ReadonlySet<string> = new Set(['node_modules', 'site-packages', 'dist-packages', 'vendor'])

/** Folders whose files are all of this computer or its user. */
const privateFolders: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.trimaran',
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.gcloud',
  '.kube',
  '.secrets',
  '.terraform',
])

/** Endings of what is data, and no code that only deals with secrets. */
const data = String.raw`\.(?:ya?ml|json|jsonc|toml|ini|properties|conf|cfg|txt|xml|csv)$`

/** Names of files that hold secrets, in small letters. */
const privateNames: readonly RegExp[] = [
  // Variables of an environment, but not what is made for sharing.
  /^\.env(?:\.(?!.*(?:example|sample|template|dist)$).+)?$/,
  /^\.envrc|^\.dev\.vars|[^.]\.env$/,
  // What programs log in with.
  /^(?:\.npmrc|[._]netrc|\.pgpass|\.my\.cnf|\.mylogin\.cnf|\.pypirc|\.git-credentials|\.vault-token|\.dockercfg|\.htpasswd|\.s3cfg|\.boto|kubeconfig)$/,
  /^(?:\.(?:bash|zsh|psql|mysql|node_repl|python)_history)$/,
  // Keys, and what keeps them. Public halves are public.
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?!.*\.pub$)/,
  /\.(?:pem|key|p8|p12|pfx|pkcs12|jks|keystore|ppk|kdbx?|ovpn|age)$/,
  // What is named so.
  new RegExp(`(?:^|[._-])(?:secrets?|credentials?)(?:[._-][\\w-]+)*${data}`),
  /^\.?(?:secrets?|credentials?)$/,
  /(?:service[-_]?account|client[-_]secret|adminsdk|application_default_credentials).*\.json$/,
  // Terraform's state holds whatever it made, passwords included.
  /^\.terraform|^terraform\.rc$|\.tfstate(?:\..*)?$|\.tfvars(?:\.json)?$/,
]

/** What a build needs to fetch packages, and a server does not. */
const forBuilds: ReadonlySet<string> = new Set(['.npmrc'])

/** Whether the build may see a file that looks private although git does not track it. */
export const isForBuilds = (path: string): boolean => forBuilds.has(basename(path))

/** Whether a file's path says that it holds secrets. */
export function looksPrivate(path: string): boolean {
  const folders = path.toLowerCase().split('/')
  const name = folders.pop()!
  if (folders.some((folder) => foreignFolders.has(folder))) return false
  if (folders.some((folder) => privateFolders.has(folder))) return true
  if (folders.at(-1) === '.docker' && name === 'config.json') return true
  return privateNames.some((pattern) => pattern.test(name))
}

/**
 * Whether a file must stay here: its path says so, unless it is a certificate without its key; or it is a private key,
 * whatever it is called.
 */
export async function isPrivate(folder: string, path: BytePath): Promise<boolean> {
  const isNamedSo = looksPrivate(path)
  if (isNamedSo && !path.toLowerCase().endsWith('.pem')) return true
  if (
    path
      .toLowerCase()
      .split('/')
      .some((name) => foreignFolders.has(name))
  )
    return false
  const text = await beginningOf(pathIn(folder, path), isNamedSo ? longestKeyFile : 64)
  if (/PRIVATE KEY|PuTTY-User-Key-File/.test(text)) return isNamedSo || /^\s*(?:-----BEGIN |PuTTY)/.test(text)
  return isNamedSo && !/-----BEGIN (?:TRUSTED |X509 )?(?:CERTIFICATE|PUBLIC KEY)/.test(text)
}

/** A bundle of all certificates of the world takes about 250 kB. */
const longestKeyFile = 1024 ** 2

async function beginningOf(file: Buffer, bytes: number): Promise<string> {
  const stats = await lstat(file).catch(() => undefined)
  if (stats?.isFile() !== true) return ''
  const opened = await open(file)
  try {
    const { buffer, bytesRead } = await opened.read({ buffer: Buffer.alloc(Math.min(bytes, stats.size)), position: 0 })
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await opened.close()
  }
}

/** Whether a path is one of those that are meant to be shipped, or lies in one. */
export const isIncluded = (path: BytePath, include: readonly BytePath[]): boolean =>
  include.some((one) => path === one || path.startsWith(`${one}/`))

/**
 * Removes from a built release what must not be shipped, and what cannot be, and names it: what the build made, or what git
 * tracks and so the build was given.
 */
export async function removePrivate(tree: string, include: readonly string[]): Promise<readonly LeftOut[]> {
  const included = include.map(toBytePath)
  const entries = await listTree(tree)
  const own = entries.filter(({ is, path }) => is !== 'folder' && !isForeign(path) && !isIncluded(path, included))
  const checked = await Promise.all(
    own.map(async ({ path }) => ({ path, why: 'secret' as const, isOut: await isPrivate(tree, path) })),
  )
  const special = entries.filter(({ is }) => is === 'other')
  const leftOut = [
    ...checked.flatMap(({ path, why, isOut }): readonly LeftOut[] => (isOut ? [{ path, why }] : [])),
    ...special.map(({ path }): LeftOut => ({ path, why: 'special' })),
  ]
  await Promise.all(leftOut.map(({ path }) => rm(pathIn(tree, path), { force: true })))
  return leftOut
}

/** Whether a file lies in a folder of other people's code. */
const isForeign = (path: BytePath): boolean =>
  path
    .toLowerCase()
    .split('/')
    .slice(0, -1)
    .some((name) => foreignFolders.has(name))
