import { hostname, userInfo } from 'node:os'
import { buildCommand } from '@stricli/core'
import { components, roleOf } from '../components/index.ts'
import { takeLock } from '../engine/lock.ts'
import { type Moved, moveLead } from '../engine/move-lead.ts'
import { observe } from '../engine/observe.ts'
import { failure } from '../errors/failure.ts'
import { type Server, serversOf, etcdMembers } from '../stack/stack.ts'
import { checkSwitchover } from '../status/check-switchover.ts'
import { summarise } from '../status/summarise.ts'
import { ask } from '../ui/ask.ts'
import { createOutput } from '../ui/output.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { openSession } from '../operations/session/open-session.ts'
import { serversNamed, type Session } from '../operations/session/session.ts'
import { poolHolders, switchoverFacts } from '../operations/service/switchover-facts.ts'
import { announceMove, formatPaused, tellPause } from './tell-switchover.ts'

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
    const { from, to, pausers } = await check(session, wanted)
    output.print(`${from} leads, and ${to} can take over. ${announceMove(pausers)}`)
    const isWanted = flags.yes || (await ask(`Let ${to} lead?`))
    if (!isWanted) {
      output.print('Nothing was changed.')
      return
    }
    output.tell({ type: 'stage', name: `${to} takes over from ${from}` })
    const moved = await perform(session, from, to, pausers)
    if (moved.refused.length > 0) throw notHeld(moved)
    if (!moved.ok) throw notMoved(from, to, moved)
    const { tone } = output
    output.print(`${tone.green('✔')} ${to} leads now; ${from} follows it`)
    output.print([...formatPaused(moved), tellPause(moved)].join('\n'))
    const { pauseMilliseconds, writes, paused } = moved
    output.printJson({ type: 'done', from, to, pauseMilliseconds, writes, paused })
  },
})

interface Checked {
  readonly from: string
  readonly to: string
  /** App servers whose pool pauses queries meanwhile. */
  readonly pausers: readonly Server[]
}

/** @throws TRI-DATABASE-001 */
async function check({ stack, connect, secrets }: Session, wanted: string | undefined): Promise<Checked> {
  const asked = [...new Set([...serversOf(stack, 'database'), ...etcdMembers(stack), ...serversOf(stack, 'app')])]
  const answers = await observe(asked, { stack, components, connect, secrets, tell: () => {} })
  const { database, drained } = summarise(stack, answers)
  const pausers = poolHolders(stack, answers)
  const outcome = checkSwitchover({
    ...(wanted !== undefined && { to: wanted }),
    database,
    drained,
    ...switchoverFacts(stack, answers, database.leader),
  })
  if ('from' in outcome) return { ...outcome, pausers }
  throw failure('TRI-DATABASE-001', {
    what: 'The primary cannot move now',
    why: outcome.refused,
    state: 'nothing was changed',
    next: outcome.next,
  })
}

async function perform(
  { stack, connect }: Session,
  from: string,
  to: string,
  pausers: readonly Server[],
): Promise<Moved> {
  const databases = serversOf(stack, 'database')
  const leader = databases.find(({ name }) => name === from) as Server
  const holder = `${userInfo().username}@${hostname()}`
  const { unlock } = await takeLock([...databases, ...pausers], { connect, holder, waitSeconds: 8 })
  try {
    const addresses = databases.map(({ address }) => address)
    const { unit, measure: program } = roleOf('leads', ({ tier }) => tier === 'database')
    const measure = program === undefined ? undefined : { program, addresses }
    return await moveLead({ tier: 'database', unit, from: leader, to, pausers, ...(measure && { measure }) }, connect)
  } finally {
    await unlock()
  }
}

const notHeld = ({ refused }: Moved) =>
  failure('TRI-DATABASE-004', {
    what: `The pool on ${refused.map(({ server }) => server).join(', ')} could not pause its queries`,
    why: refused.map(({ server, why }) => `${server}: ${why}`).join('\n'),
    state: 'nothing was moved, and queries go on',
    next: 'try again when no long transaction is open: `trimaran psql` shows them in pg_stat_activity',
  })

const notMoved = (from: string, to: string, { said }: Moved) =>
  failure('TRI-DATABASE-002', {
    what: `${to} did not take over`,
    why: said,
    state: `${from} led before; \`trimaran status\` says who leads now. Nothing acknowledged is lost`,
    next: `\`trimaran logs ${from}\` and \`trimaran logs ${to}\` tell what Patroni decided`,
  })
