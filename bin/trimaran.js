#!/usr/bin/env node
// Starts the command with a Node that is new enough: the one at hand, or the one that the project brings with it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'dist', 'main.js')
const source = join(root, 'src', 'main.ts')
// In the project's own folder the source itself runs; an installed package has only what was built.
const entry = existsSync(source) ? source : built

if (isNewEnough(process.versions.node)) {
  // Half of the time of a short command is the reading of its own modules: what V8 makes of them is kept.
  module.enableCompileCache?.(join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'trimaran', 'compiled'))
  await import(pathToFileURL(entry).href)
} else {
  const newer = findNode([root, process.cwd()])
  if (newer === undefined) await runAnyway()
  else {
    const child = spawn(newer, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 1 : 128)
    })
  }
}

/** Reading a typed config needs Node's own type stripping, which is there without a flag from 22.18 on. */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** A Node that npm installed, in one of these folders or above: the `node` package brings it. */
function findNode(folders) {
  for (const start of folders) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules', 'node', 'bin', 'node')
      if (existsSync(candidate)) return candidate
      if (folder === dirname(folder)) break
    }
  }
  return undefined
}

/** What was built runs on an older Node too, but for the verbs that read the config; those say what is missing. */
async function runAnyway() {
  if (entry === built) {
    await import(pathToFileURL(built).href)
    return
  }
  process.stderr.write(
    `✖ Trimaran needs Node 22.18 or newer; this is ${process.versions.node}\n  → npm install (it brings a newer one along)\n`,
  )
  process.exitCode = 1
}
