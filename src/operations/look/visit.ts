import { setTimeout as sleep } from 'node:timers/promises'
import { TrimaranError } from '../../errors/failure.ts'
import { sh } from '../../shell/sh.ts'
import { publicAddress, type Server, serversOf, servingTier, siteName } from '../../stack/stack.ts'
import type { Visit } from '../../status/visit.ts'
import { nothingCame, type Status } from '../../transport/ask-address.ts'
import type { Session } from '../session/session.ts'

type Known = Pick<Session, 'stack' | 'connect' | 'askAddress'>

/** How long an answer may take, and how often it is asked for. */
interface Thoroughness {
  readonly seconds: number
  readonly turns: number
}
/** Longer than any tier takes to find out that a server is lost, and to try another one. */
const answerSeconds = 8
/** In milliseconds. */
const pause = 500

/**
 * Asks as visitors do: through the address of the site, by its name, for the path that tells whether the app is well, so often
 * that each web server and each app server has its turn. This computer asks; where it does not reach the address, a server
 * that is no balancer does.
 */
const visit = (session: Known): Promise<Visit> =>
  visitFor(session, { seconds: answerSeconds, turns: turnsOf(session.stack) })

/** The same for callers that look repeatedly, and must not wait. */
export const visitOnce = (session: Known): Promise<Visit> => visitFor(session, { seconds: 3, turns: 1 })

async function visitFor(session: Known, how: Thoroughness): Promise<Visit> {
  const { stack } = session
  const { health } = stack.declared.app
  const url = `http://${publicAddress(stack)}`
  const here = await askFromHere(session, health, how)
  if (here.some(isReached)) {
    const isRefused = here.every((status) => isAnswer(status) && status >= 400 && status < 500)
    const front = isRefused ? (await askFromHere(session, '/', { ...how, turns: 1 }))[0] : undefined
    return { url, from: 'this computer', ...judge(health, here, front) }
  }
  const elsewhere = await askFromServer(session, health, how)
  if (elsewhere === undefined) return { url, from: 'this computer', ...judge(health, here) }
  return { url, from: elsewhere.from, ...judge(health, elsewhere.said) }
}

/** The same, until visitors are served or the time is up: what was just changed may still be on its way. */
export const visitUntilServed = (session: Known, seconds: number): Promise<Visit> =>
  visitUntil(session, seconds, ({ isServed }) => isServed)

/** The same until something else holds of it. */
export async function visitUntil(session: Known, seconds: number, holds: (seen: Visit) => boolean): Promise<Visit> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const seen = await visit(session)
    if (holds(seen) || performance.now() > deadline) return seen
    await sleep(pause)
  }
}

/** Whether it reached the address, whatever it was told there. */
const isReached = (status: Status): boolean => isAnswer(status) || status.startsWith(nothingCame)
const isAnswer = (status: Status): status is number => typeof status === 'number'

/** Web servers take turns, and at each of them app servers do. */
const turnsOf = (stack: Known['stack']): number =>
  Math.min(24, Math.max(4, serversOf(stack, 'web').length * serversOf(stack, servingTier(stack)).length))

/**
 * Served: each request was answered, and none by somebody who excuses the app (5xx). Below 400 it is the app's own word; else
 * a layer before it answers, such as a password, and the front page tells whether that is so everywhere.
 */
function judge(
  path: string,
  said: readonly Status[],
  front?: Status,
): Pick<Visit, 'isAnswered' | 'isServed' | 'isWell' | 'answer'> {
  const failed = said.filter((status) => !isAnswer(status) || status >= 500)
  const first = failed[0] ?? said[0] ?? 'no answer'
  const isServed = failed.length === 0
  const isAnswered = said.some(isAnswer)
  const isWell =
    isServed &&
    (said.every((status) => isAnswer(status) && status < 400) || (isAnswer(front ?? '') && Number(front) < 400))
  if (isWell && front === undefined) return { isAnswered, isServed, isWell, answer: `answers (${first})` }
  const rest = front === undefined ? '' : `, ${front} to /`
  const share = !isServed && failed.length < said.length ? `; ${failed.length} of ${said.length} requests failed` : ''
  const how = isAnswer(first) ? `answers (${first} to ${path}` : `does not answer (${first}`
  return { isAnswered, isServed, isWell, answer: `${how}${rest}${share})` }
}

/** One after the other, and no longer than it takes to know. */
async function askFromHere(session: Known, path: string, { seconds, turns }: Thoroughness): Promise<readonly Status[]> {
  const { stack, askAddress } = session
  const question = { address: publicAddress(stack), path, host: siteName(stack), seconds }
  const said: Status[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const status = await askAddress(question)
    said.push(status)
    if (!isAnswer(status)) return said
  }
  return said
}

interface Elsewhere {
  readonly from: string
  readonly said: readonly Status[]
}

/** The first server that answers SSH asks; balancers do not, since each of them finds the address at itself. */
async function askFromServer(
  { stack, connect }: Known,
  path: string,
  { seconds, turns }: Thoroughness,
): Promise<Elsewhere | undefined> {
  const question = sh`
    for turn in ${Array.from({ length: turns }, (_, turn) => turn)}; do
      curl -gsS --noproxy ${'*'} -A trimaran -H ${`Host: ${siteName(stack)}`} -m ${seconds} -o /dev/null -w ${'%{http_code}\\n'} ${`http://${publicAddress(stack)}${path}`} 2>&1 | tr '\n' ' '
      echo
    done
  `
  for (const server of outsiders(stack)) {
    try {
      const { stdout } = await (await connect(server)).run(question.text, { deadlineSeconds: 60, mostLetters: 16_384 })
      const said = stdout.split('\n').flatMap((line): readonly Status[] => readLine(line.trim()))
      if (said.length > 0) return { from: server.name, said }
    } catch (error) {
      if (!(error instanceof TrimaranError)) throw error
    }
  }
  return undefined
}

const outsiders = (stack: Known['stack']): readonly Server[] =>
  (['web', 'app', 'database'] as const).flatMap((tier) => serversOf(stack, tier))

function readLine(line: string): readonly Status[] {
  if (line === '') return []
  const status = Number(/(\d{3})$/.exec(line)?.[1] ?? 0)
  return [status > 0 ? status : line.replace(/ ?000$/, '').slice(0, 200)]
}
