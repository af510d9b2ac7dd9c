import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from './ask.ts'
import type { LoadOptions } from './start-load.ts'
import { createTally } from './tally.ts'
import { visitOf } from './visits.ts'

/**
 * The load's own process, so that neither waits for the other: what the test does, and the next request. It runs until
 * it is told to stop, until its time is over, or until whoever started it is gone; then it says what came of it.
 */
const options = JSON.parse(process.argv[2]!) as Required<LoadOptions> & { readonly run: string }
const stopping = new AbortController()
process.on('message', () => stopping.abort())
process.on('disconnect', () => process.exit(1))
process.on('SIGINT', () => {}) // the test's own, and a terminal sends it to both

await runLoad()

async function runLoad(): Promise<void> {
  const { url, run, deadlineMilliseconds } = options
  const client = createClient(url, deadlineMilliseconds)
  const tally = createTally()
  const startedAt = performance.now()
  const now = (): number => performance.now() - startedAt

  const send = async (number: number, dueAt: number): Promise<void> => {
    const visit = visitOf(number, run)
    const connection = connectionOf(number)
    const sentAt = now()
    const first = await client.ask(visit, connection)
    const reply = first.wasStale ? await client.ask(visit, 'fresh') : first
    tally.count({ visit, connection, dueAt, sentAt, endedAt: now(), reply, ...(first !== reply && { stale: first }) })
  }

  await sendOnTime(send, now)
  const seconds = now() / 1000
  client.close()
  process.send!(tally.report(run, seconds), () => process.exit(0))
}

/** Sends each request when it is due, whether or not earlier ones were answered; then waits for what is under way. */
async function sendOnTime(send: (number: number, dueAt: number) => Promise<void>, now: () => number): Promise<void> {
  const { rate, seconds } = options
  const underWay = new Set<Promise<void>>()
  for (let number = 0; number < rate * seconds && !stopping.signal.aborted; number += 1) {
    const dueAt = (number * 1000) / rate
    const early = dueAt - now()
    if (early > 1) await sleep(early, undefined, { signal: stopping.signal }).catch(() => {})
    if (stopping.signal.aborted) break
    const sent: Promise<void> = send(number, dueAt).finally(() => underWay.delete(sent))
    underWay.add(sent)
    if (number === 0) process.send!('sending')
  }
  await Promise.all(underWay)
}

/** In turn, and the other way round after twenty: so each kind of visit comes over both. */
function connectionOf(number: number): 'kept' | 'fresh' {
  return (number + Math.floor(number / 20)) % 2 === 0 ? 'kept' : 'fresh'
}
