import type { EventBody, Progress, Result, ServerOffer } from '../events/event.ts'
import { columns } from './columns.ts'
import { formatDuration } from './format-duration.ts'
import type { Tone } from './tone.ts'

/** Results that stand in the answer, and whether programs read them there, too. */
const results: Readonly<Record<Result['type'], boolean>> = {
  done: true,
  resumed: false,
  excluded: false,
  offers: true,
  'phase-started': false,
  phase: true,
}
const troubles: ReadonlySet<Progress['type']> = new Set(['step-failed', 'rolled-back', 'server-failed', 'note'])

export const isResult = (event: EventBody): event is Result => Object.hasOwn(results, event.type)
export const isForPrograms = ({ type }: Result): boolean => results[type]
export const isTrouble = ({ type }: Progress): boolean => troubles.has(type)

type Tellers = {
  readonly [Type in Result['type']]: (event: Extract<Result, { type: Type }>, tone: Tone) => string | undefined
}

const tellers: Tellers = {
  done: () => undefined,
  resumed: ({ verb, done, servers }) =>
    `Goes on with the ${verb} that was cut off: ${done} of ${servers} servers are done`,
  excluded: ({ server, why }, tone) => `${tone.yellow('!')} ${server} is unreachable: ${why}`,
  offers: ({ offers }, tone) => formatOffers(offers, tone),
  'phase-started': () => undefined,
  phase: ({ server, phase, milliseconds }, tone) =>
    `${tone.green('✔')} ${server}  ${phase}${tone.dim(`  ${formatDuration(milliseconds)}`)}`,
}

/** A result as a person reads it; nothing where others say it better. */
export const formatResult = (event: Result, tone: Tone): string | undefined =>
  (tellers[event.type] as (event: Result, tone: Tone) => string | undefined)(event, tone)

function formatOffers(offers: readonly ServerOffer[], tone: Tone): string {
  const wanting = offers.filter(({ packages, needsRestart }) => packages.length > 0 || needsRestart)
  if (wanting.length === 0)
    return `${tone.green('✔')} Debian has nothing new for ${offers.map(({ server }) => server).join(', ')}`
  return columns(wanting.map((offer) => [offer.server, formatOffer(offer)]))
}

const shown = 4

function formatOffer({ packages, needsRestart }: ServerOffer): string {
  const more = packages.length > shown ? [`${packages.length - shown} more`] : []
  return [...packages.slice(0, shown), ...more, ...(needsRestart ? ['restart for what was upgraded before'] : [])].join(
    ', ',
  )
}
