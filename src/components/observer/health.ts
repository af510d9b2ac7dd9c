import { sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import type { ObserverDetails } from './details.ts'
import { paths, unitName } from './paths.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The unit's state, then the program's own status. */
export function askObserver(): Shell {
  return sh`
    systemctl is-active ${unitName} || true
    cat ${paths.state} 2>/dev/null || true
  `
}

/** The status that the program writes at every change. */
interface Shown {
  readonly watches?: string | null
  readonly promised?: boolean
  /** Whether it promised because the primary's server does not answer. */
  readonly silent?: boolean
  /** Why it would not revoke the leader key, if there is a reason. */
  readonly standsStill?: string | null
}

/** Well while it watches; degraded where a failover would wait for Patroni's 20 s. */
export function readObserver(answer: string, { name }: Server): ComponentHealth<ObserverDetails> {
  const [unit = 'unknown', text = ''] = answer.split('\n', 2)
  if (unit !== 'active')
    return {
      state: 'degraded',
      note: `${unitName} is ${unit}: a failover would take 20 s → ${trimaran(`logs ${name}`)}`,
    }
  const shown = parse(text)
  const details = { watches: shown.watches ?? undefined, promised: shown.promised === true }
  if (shown.promised === true)
    return {
      state: 'degraded',
      note:
        shown.silent === true
          ? `${shown.watches} does not answer; this server receives nothing from it until a primary has established its term`
          : 'no primary has established its term; this server receives nothing until one has',
      details,
    }
  if (typeof shown.standsStill === 'string')
    return { state: 'well', note: `leaves failover to Patroni: ${shown.standsStill}`, details }
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
