import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { LoadReport } from './report.ts'

export interface LoadOptions {
  /** Where the guestbook is: `http://198.18.0.10`. */
  readonly url: string
  /** Requests a second, sent on time whether or not earlier ones were answered. */
  readonly rate?: number
  /** It ends after so many seconds if nobody stopped it. */
  readonly seconds?: number
  /** After so long without the whole answer, a request has failed. */
  readonly deadlineMilliseconds?: number
}

export interface Load {
  /** What came of it, once it ended by itself or because it was told to. */
  readonly ended: Promise<LoadReport>
  /** Waits for what is under way, and tells what came of it all. Asked again, it says the same. */
  readonly stop: () => Promise<LoadReport>
}

/**
 * The visitors of a guestbook while something happens to its servers: a constant rate, a fifth of it writes, half of it
 * over kept connections and half over fresh ones, every answer checked. Its first request is out when this returns.
 *
 * @example
 * const load = await startLoad({ url })
 * await project.trimaran('deploy', '--lab', '--yes')
 * const report = await load.stop()
 * expect(report, report.sentence).toMatchObject({ failed: 0, wrong: 0 })
 * expect(await lostWrites(project, report)).toEqual([])
 */
export async function startLoad({
  url,
  rate = 200,
  seconds = 900,
  deadlineMilliseconds = 15_000,
}: LoadOptions): Promise<Load> {
  const run = `load-${randomUUID().slice(0, 8)}`
  const program = fork(
    new URL('program.ts', import.meta.url),
    [JSON.stringify({ url, rate, seconds, deadlineMilliseconds, run })],
    { execArgv: ['--disable-warning=ExperimentalWarning'] },
  )
  const ended = new Promise<LoadReport>((resolve, reject) => {
    program.on('message', (message) => message !== 'sending' && resolve(message as LoadReport))
    program.once('error', reject)
    program.once('disconnect', () => reject(new Error('the load ended by itself and said nothing')))
  })
  ended.catch(() => {}) // told to whoever waits for it
  await Promise.race([once(program, 'message'), ended])
  const stop = (): Promise<LoadReport> => {
    if (program.connected) program.send('stop', () => {})
    return ended
  }
  return { ended, stop }
}
