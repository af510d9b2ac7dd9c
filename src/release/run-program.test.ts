import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runProgram } from './run-program.ts'

/** Aborts once the program has said that it is ready. */
async function interrupted(script: string, graceMilliseconds: number) {
  const stop = new AbortController()
  const reason = new Error('enough')
  const pids: number[] = []
  const onLine = (line: string): void => {
    pids.push(...(line.match(/\d+/g) ?? []).map(Number))
    if (line.startsWith('ready')) stop.abort(reason)
  }
  const started = performance.now()
  await expect(
    runProgram('/bin/bash', ['-c', script], { signal: stop.signal, onLine, graceMilliseconds }),
  ).rejects.toBe(reason)
  return { milliseconds: performance.now() - started, pids }
}

/** Ended, although perhaps nobody has asked how. */
const isGone = (pid: number): boolean => {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

it('kills a build that does not end when it is told to, with all that it started', async () => {
  const deaf = `trap '' TERM; (trap '' TERM; sleep 30) & echo "ready $$ $!"; while :; do sleep 0.1; done`
  const { milliseconds, pids } = await interrupted(deaf, 300)
  expect(milliseconds).toBeGreaterThan(290)
  expect(milliseconds).toBeLessThan(5000)
  await expect.poll(() => pids.every(isGone)).toBe(true)
})

it('does not wait for one that ends by itself, and leaves nothing of it', async () => {
  const polite = `(trap '' TERM; exec >/dev/null 2>&1; sleep 30) & echo "ready $!"; wait`
  const { milliseconds, pids } = await interrupted(polite, 20_000)
  expect(milliseconds).toBeLessThan(5000)
  await expect.poll(() => pids.every(isGone)).toBe(true)
})
