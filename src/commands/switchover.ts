import { hostname, userInfo } from 'node:os'
import { buildCommand } from '@stricli/core'
import { components } from '../components/index.ts'
import { patroniPlaces } from '../components/patroni/index.ts'
import { takeLock } from '../engine/lock.ts'
import { type Moved, moveLead } from '../engine/move-lead.ts'
import { observe } from '../engine/observe.ts'
import { failure } from '../errors/failure.ts'
import { type Answer, isObservation } from '../observation/observation.ts'
import { type Server, serversOf, votes } from '../stack/stack.ts'
import { judgeSwitchover, type OpenTransaction } from '../status/judge-switchover.ts'
import { summarise } from '../status/summarise.ts'
import { ask } from '../ui/ask.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { createOutput } from '../ui/output.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { openSession } from './open-session.ts'
import { serversNamed, type Session } from './session.ts'

export const switchover = buildCommand({
  docs: { brief: 'Let another database server lead, and say how long writes had to wait' },
  parameters: {
    flags: changeFlags,
    positional: {
      kind: 'tuple',
      parameters: [
        {
          brief: 'Who is to lead; the best replica unless stated',
          parse: String,
          placeholder: 'server',
          optional: true,
        },
      ],
    },
  },
  func: async (flags: ChangeFlags, wanted?: string) => {
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'find', output.tell)
    if (wanted !== undefined) serversNamed(session.stack, wanted)
    const { from, to } = await judge(session, wanted)
    output.print(
      `${from} leads, and ${to} can take over. Writes will wait for about two seconds; nothing acknowledged is lost.`,
    )
    const isWanted = flags.yes || (await ask(`Let ${to} lead?`))
    if (!isWanted) {
      output.print('Nothing was changed.')
      return
    }
    output.tell({ type: 'stage', name: `${to} takes over from ${from}` })
    const moved = await perform(session, from, to)
    if (!moved.ok) throw notMoved(from, to, moved)
    const { tone } = output
    output.print(`${tone.green('✔')} ${to} leads now; ${from} follows it`)
    output.print(tellPause(moved))
    output.printJson({ type: 'done', from, to, pauseMilliseconds: moved.pauseMilliseconds, writes: moved.writes })
  },
})

/** @throws TRI-DATABASE-001 */
async function judge({ stack, connect }: Session, wanted: string | undefined): Promise<{ from: string; to: string }> {
  const asked = [...new Set([...serversOf(stack, 'database'), ...votes(stack)])]
  const answers = await observe(asked, { stack, components, connect, tell: () => {} })
  const { database } = summarise(stack, answers)
  const details = detailsOf(answers.get(database.leader ?? ''))
  const judgement = judgeSwitchover({
    ...(wanted !== undefined && { to: wanted }),
    database,
    isPaused: details['isPaused'] === true,
    ...(details['longestTransaction'] !== undefined && { longest: details['longestTransaction'] as OpenTransaction }),
  })
  if ('from' in judgement) return judgement
  throw failure('TRI-DATABASE-001', {
    what: 'The primary cannot move now',
    why: judgement.refused,
    state: 'nothing was changed',
    next: judgement.next,
  })
}

const detailsOf = (answer: Answer | undefined): Readonly<Record<string, unknown>> =>
  answer === undefined || !isObservation(answer) ? {} : (answer.health.get('patroni')?.details ?? {})

async function perform({ stack, connect }: Session, from: string, to: string): Promise<Moved> {
  const databases = serversOf(stack, 'database')
  const leader = databases.find(({ name }) => name === from) as Server
  const holder = `${userInfo().username}@${hostname()}`
  const letGo = await takeLock(databases, { connect, holder, waitSeconds: 8 })
  try {
    const addresses = databases.map(({ address }) => address)
    return await moveLead(await connect(leader), patroniPlaces.measuredHandOver, to, addresses)
  } finally {
    await letGo()
  }
}

const notMoved = (from: string, to: string, { said }: Moved) =>
  failure('TRI-DATABASE-002', {
    what: `${to} did not take over`,
    why: said,
    state: `${from} led before; \`trimaran status\` says who leads now. Nothing acknowledged is lost`,
    next: `\`trimaran logs ${from}\` and \`trimaran logs ${to}\` tell what Patroni decided`,
  })

function tellPause({ pauseMilliseconds, writes }: Moved): string {
  if (pauseMilliseconds === undefined) return 'How long writes waited could not be measured.'
  return `  writes waited ${formatDuration(pauseMilliseconds)}, measured at the database by ${writes} real writes, one every 20 ms`
}
