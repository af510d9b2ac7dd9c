import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runFolder } from './paths.ts'

/** What a lock says to those who wait for it, e.g. “pid 4711 since 12:30:05”. */
export type WhileWaiting = (flock: string) => void

/**
 * Runs `work` while no other process on this computer holds the same lock. A child that lives as long as its standard
 * input holds the lock, so it is released however this process ends, and no lock can be stale.
 */
export async function withLock<T>(name: string, whileWaiting: WhileWaiting, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(name, whileWaiting)
  try {
    return await work()
  } finally {
    await release()
  }
}

async function takeLock(name: string, whileWaiting: WhileWaiting): Promise<() => Promise<void>> {
  await mkdir(runFolder, { recursive: true })
  const file = join(runFolder, `${name}.lock`)
  const at = new Date().toTimeString().slice(0, 8)
  // Tries once without waiting, so that a wait can be announced; writes who holds it once it does.
  const script = `exec 9>>"$1"; flock -n 9 || { echo waiting; flock 9; }; echo "$2" >"$1"; echo held; exec cat >/dev/null`
  const flock = spawn('sh', ['-c', script, 'lock', file, `pid ${process.pid} since ${at}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = once(flock, 'exit')
  for await (const words of flock.stdout.setEncoding('utf8')) {
    if (String(words).includes('held')) break
    whileWaiting((await readFile(file, 'utf8').catch(() => '')).trim())
  }
  return async () => {
    flock.stdin.end()
    await ended
  }
}
