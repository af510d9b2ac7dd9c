// What `npm start` and `npm test` share. Plain JavaScript without dependencies, for any Node.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Installs the npm packages unless those of this very lock file are there, and the project's own command beside them. */
export function installProject() {
  const stamp = join(root, 'node_modules', '.installed-from')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (
    !isInstalledSince(join(root, 'package-lock.json')) &&
    (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted)
  ) {
    say('installing the npm packages of package-lock.json, a Node 24 among them')
    const code = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root })
    if (code !== 0) {
      process.stderr.write('✖ npm could not install the packages; its own message stands above\n  → npm ci\n')
      process.exit(1)
    }
    writeFileSync(stamp, wanted)
  }
  linkCommand()
}

/** Whether npm has installed something after the lock file changed: it says so in a file of its own. */
function isInstalledSince(lockFile) {
  const npmsOwn = join(root, 'node_modules', '.package-lock.json')
  return existsSync(npmsOwn) && statSync(npmsOwn).mtimeMs > statSync(lockFile).mtimeMs
}

/** Makes `npx trimaran` work here and in the examples' folders, as it does where the package is installed. */
export function linkCommand() {
  const link = join(root, 'node_modules', '.bin', 'trimaran')
  rmSync(link, { force: true })
  symlinkSync(join('..', '..', 'bin', 'trimaran.js'), link)
}

/** Runs a program with the project's own Node and tools first in the path. Returns its exit code. */
export function runInProject([command, ...words], { cwd = root } = {}) {
  const absolute = words.map((word) => (word === 'bin/trimaran.js' ? join(root, word) : word))
  return run(command, absolute, { cwd, env: projectEnv() })
}

/** The same for a program beside others: what it prints is kept. Resolves to its exit code, and all that it printed. */
export function collectInProject([command, ...words]) {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: root, env: projectEnv(), stdio: ['ignore', 'pipe', 'pipe'] })
    const printed = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk))
    child.on('error', (error) => resolve({ code: 1, printed: `✖ ${command} could not be started: ${error.message}\n` }))
    child.on('close', (code) => resolve({ code: code ?? 1, printed: Buffer.concat(printed).toString() }))
  })
}

function projectEnv() {
  return { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) }
}

export function say(text) {
  process.stderr.write(`· ${text}\n`)
}

function run(command, words, options) {
  const { status, signal, error } = spawnSync(command, words, { stdio: 'inherit', ...options })
  if (error !== undefined) {
    process.stderr.write(`✖ ${command} could not be started: ${error.message}\n`)
    return 1
  }
  return status ?? (signal === null ? 1 : 130)
}
