import { failure } from '../../errors/failure.ts'
import type { Emit } from '../../events/event.ts'
import { isEmpty, type Plan } from '../../plan/plan.ts'
import type { Refusal } from '../../preflight/refusal.ts'
import type { Session } from '../session/session.ts'
import { planStack, type Proposal, type Wish } from './plan-stack.ts'
import { rememberFoundState, rememberServers } from './remember.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/**
 * Asks the servers, and plans a change that may be applied: there is no refusal.
 * @throws TRI-REPLACE-002 a server is another machine now; TRI-PLAN-001 something is in the way; TRI-PLAN-003 nobody
 * answers
 */
export async function proposeChange(session: Session, wish: Wish, emit: Emit): Promise<Proposal> {
  refuseReplaced(session)
  const proposal = await planStack(session, wish, emit)
  refuseObstacles(proposal.plan)
  await rememberFoundState(session, proposal)
  if (isEmpty(proposal.plan)) await rememberServers(session, proposal)
  return proposal
}

/** Both machines would act as the same server. */
function refuseReplaced({ stack, replaced }: Pick<Session, 'stack' | 'replaced'>): void {
  const [old] = replaced
  if (old === undefined) return
  const now = stack.servers.find(({ name }) => name === old.name)
  throw failure('TRI-REPLACE-002', {
    what: `${old.name} was ${old.destination} (${old.address}), and is ${now?.destination} (${now?.address}) in the file`,
    why: `the old machine may still run, and act as ${old.name}`,
    state: 'nothing was changed on any server',
    next: `${trimaran(`replace ${old.name}`)} clears the old one, if it is alive, and gives its place to the new one`,
  })
}

function refuseObstacles({ refusals }: Plan): void {
  if (refusals.length === 0) return
  const servers = [...new Set(refusals.map(({ server }) => server))]
  const byReason = Map.groupBy(refusals, ({ what, next }) => `${what}\n${next}`)
  throw failure('TRI-PLAN-001', {
    what: `The plan cannot be applied on ${servers.join(', ')}`,
    why: [...byReason.values()].map(formatRefusals).join('\n'),
    state: 'nothing was changed on any server',
    next: [...byReason.values()].map((alike) => formatNext(alike, byReason.size > 1)).join('\n'),
    details: { refusals },
  })
}

/** `web-1, web-2: what`, and the reason below it. */
function formatRefusals(alike: readonly Refusal[]): string {
  const { what, why } = alike[0]!
  const reason = why === undefined ? [] : why.split('\n').map((line) => `  ${line}`)
  return [`${namesOf(alike)}: ${what}`, ...reason].join('\n')
}

const formatNext = (alike: readonly Refusal[], isNamed: boolean): string =>
  isNamed ? `${namesOf(alike)}: ${alike[0]!.next}` : alike[0]!.next

const namesOf = (refusals: readonly Refusal[]): string => refusals.map(({ server }) => server).join(', ')
