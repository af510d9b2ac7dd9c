import { lstat, open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { type BytePath, pathIn, toBytePath } from './byte-path.ts'
import type { LeftOut } from './left-out.ts'
import { listTree } from './list-tree.ts'

/** Folders of packages. What looks like a secret there was published with the package, such as root certificates. */
const foreignFolders: ReadonlySet<string> = new Set(['node_modules', 'site-packages', 'dist-packages', 'vendor'])

/** Folders whose files belong to this computer or its user. */
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

/** Endings of data files. Code that handles secrets has other endings. */
const data = String.raw`\.(?:ya?ml|json|jsonc|toml|ini|properties|conf|cfg|txt|xml|csv)$`

/** Names of files that hold secrets, in lower case. */
const privateNames: readonly RegExp[] = [
  // Environment files, except examples that are made for sharing.
  /^\.env(?:\.(?!.*(?:example|sample|template|dist)$).+)?$/,
  /^\.envrc|^\.dev\.vars|[^.]\.env$/,
  // Credentials of programs.
  /^(?:\.npmrc|[._]netrc|\.pgpass|\.my\.cnf|\.mylogin\.cnf|\.pypirc|\.git-credentials|\.vault-token|\.dockercfg|\.htpasswd|\.s3cfg|\.boto|kubeconfig)$/,
  /^(?:\.(?:bash|zsh|psql|mysql|node_repl|python)_history)$/,
  // Private keys and key stores; public keys are not secret.
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?!.*\.pub$)/,
  /\.(?:pem|key|p8|p12|pfx|pkcs12|jks|keystore|ppk|kdbx?|ovpn|age)$/,
  // Files that are named as secrets.
  new RegExp(`(?:^|[._-])(?:secrets?|credentials?)(?:[._-][\\w-]+)*${data}`),
  /^\.?(?:secrets?|credentials?)$/,
  /(?:service[-_]?account|client[-_]secret|adminsdk|application_default_credentials).*\.json$/,
  // Terraform's state contains all that it made, passwords included.
  /^\.terraform|^terraform\.rc$|\.tfstate(?:\..*)?$|\.tfvars(?:\.json)?$/,
]

/** Files that a build needs to fetch packages, and a server does not. */
const forBuilds: ReadonlySet<string> = new Set(['.npmrc'])

/** Whether the build gets an untracked file that looks private. */
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
 * Whether a file must not be shipped. Its path looks like a secret's, and it is not a certificate without its key; or its content
 * is a private key.
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

/** A bundle of all public root certificates takes about 250 kB. */
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

/** Whether a path is in `app.include`, or below a path there. */
export const isIncluded = (path: BytePath, include: readonly BytePath[]): boolean =>
  include.some((one) => path === one || path.startsWith(`${one}/`))

/**
 * Removes from a built release the files that must not or cannot be shipped, and names them. The build made them, or git tracks
 * them.
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

/** Whether a file lies in a folder of packages. */
const isForeign = (path: BytePath): boolean =>
  path
    .toLowerCase()
    .split('/')
    .slice(0, -1)
    .some((name) => foreignFolders.has(name))
