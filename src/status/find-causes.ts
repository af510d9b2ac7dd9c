import type { State } from '../components/component.ts'
import { type Answers, isObservation, type Observation, reportOf } from '../observation/observation.ts'
import { trimaran } from '../speech/suggested-command.ts'
import type { StackState } from '../stack/stack-state.ts'
import { serversOf, type Stack } from '../stack/stack.ts'

/** Something of the whole stack that an operator should know of, with the next step after `→`. */
export interface StackNote {
  readonly state: State
  readonly note: string
}

interface Situation {
  readonly stack: Stack
  readonly answers: Answers
  /** Balancers that hold the address, and database servers that lead. */
  readonly holders: readonly string[]
  readonly leaders: readonly string[]
  readonly stackState: Pick<StackState, 'drained' | 'drains'>
}

/** What is not of one server alone; most of it is the cause of what servers say. */
export const findCauses = (situation: Situation): readonly StackNote[] => [
  ...twoHolders(situation),
  ...twoLeaders(situation),
  ...restlessAddress(situation),
  ...unfinishedChange(situation),
  ...drains(situation),
]

function twoHolders({ stack, holders }: Situation): readonly StackNote[] {
  if (holders.length < 2) return []
  const cause =
    stack.virtualAddress?.move === undefined
      ? 'they do not hear each other: VRRP (IP protocol 112) is blocked between them, or one of them hangs'
      : 'the command that moves it did not take it from one of them'
  const one = holders.at(-1)!
  return [
    {
      state: 'degraded',
      note: `${holders.join(' and ')} hold the address at once, and visitors reach either: ${cause} → ${trimaran(`exec ${one} -- systemctl stop keepalived`)}, fix the network, start it again`,
    },
  ]
}

const twoLeaders = ({ leaders }: Situation): readonly StackNote[] =>
  leaders.length < 2
    ? []
    : [
        {
          state: 'down',
          note: `${leaders.join(' and ')} lead the database at once: writes go to both → stop Patroni on the one that visitors do not use, ${trimaran(`exec ${leaders.at(-1)} -- systemctl stop patroni`)}, and compare the two before it comes back`,
        },
      ]

/** In five minutes: failovers there and back are no fault, nor is a plug that an operator pulls a few times. */
const usualMoves = 10

function restlessAddress({ stack, answers }: Situation): readonly StackNote[] {
  const moves = serversOf(stack, 'balancer').reduce(
    (sum, { name }) => sum + (reportOf(answers.get(name), 'addressMoves')?.count ?? 0),
    0,
  )
  if (moves <= usualMoves) return []
  return [
    {
      state: 'degraded',
      note: `the address moved ${moves} times in the last five minutes, and each move cuts connections: a balancer is too busy or its network loses packets → ${trimaran('logs balancer --lines 50')}`,
    },
  ]
}

/** While somebody holds the lock, it is under way. */
function unfinishedChange({ answers }: Situation): readonly StackNote[] {
  const observations = [...answers.values()].filter(isObservation)
  const begun = observations.flatMap(({ unfinished }) => (unfinished === undefined ? [] : [unfinished]))
  const [last] = begun.toSorted((one, other) => other.at.localeCompare(one.at))
  if (last === undefined) return []
  const who = `${last.command} of ${last.operator}, begun at ${formatTime(last.at)}`
  if (observations.some(isLocked)) return [{ state: 'drained', note: `${who}, is under way → wait until it is done` }]
  return [
    {
      state: 'degraded',
      note: `${who}, was not finished: some servers are changed, others not → ${trimaran('up')} goes on with it`,
    },
  ]
}

const isLocked = ({ lockMark }: Observation): boolean => lockMark === undefined

const drains = ({ stack, stackState: { drained, drains: known = {} } }: Situation): readonly StackNote[] =>
  stack.servers
    .filter(({ name }) => drained.includes(name))
    .map(({ name }) => {
      const drain = known[name]
      const since = drain === undefined ? '' : ` since ${formatTime(drain.at)}, by ${drain.by}`
      return { state: 'drained', note: `${name} is drained${since} → ${trimaran(`undrain ${name}`)}` }
    })

/** `2026-11-28 09:30 UTC` */
const formatTime = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`
