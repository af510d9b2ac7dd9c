import { sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import type { ObserverDetails } from './details.ts'
import { paths, unitName } from './paths.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The unit's state, then what the program says of itself. */
export function askObserver(): Shell {
  return sh`
    systemctl is-active ${unitName} || true
    cat ${paths.state} 2>/dev/null || true
  `
}

/** What the program writes down whenever it changes. */
interface Shown {
  readonly watches?: string | null
  readonly promised?: boolean
  /** Whether it promised because the primary's server is silent. */
  readonly silent?: boolean
  /** Why the leader key would be left alone, whatever is seen. */
  readonly standsStill?: string | null
}

/** Well while it watches; degraded where a loss of the primary's server would be left to Patroni and its 20 s. */
export function readObserver(answer: string, { name }: Server): ComponentHealth<ObserverDetails> {
  const [unit = 'unknown', text = ''] = answer.split('\n', 2)
  if (unit !== 'active')
    return {
      state: 'degraded',
      note: `${unitName} is ${unit}: the loss of the primary's server would take 20 s → ${trimaran(`logs ${name}`)}`,
    }
  const shown = parse(text)
  const details = { watches: shown.watches ?? undefined, promised: shown.promised === true }
  if (shown.promised === true)
    return {
      state: 'degraded',
      note:
        shown.silent === true
          ? `${shown.watches} is silent; nothing is received from it until it is clear who leads`
          : 'nobody has established that it leads; nothing is received until somebody has',
      details,
    }
  if (typeof shown.standsStill === 'string')
    return { state: 'well', note: `leaves the primary to Patroni: ${shown.standsStill}`, details }
  return { state: 'well', details }
}

function parse(text: string): Shown {
  try {
    const shown = JSON.parse(text) as Shown | null
    return typeof shown === 'object' && shown !== null ? shown : {}
  } catch {
    return {}
  }
}
