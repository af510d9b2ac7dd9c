import { components } from '../../components/index.ts'
import { observe, type ObserveOptions } from '../../engine/observe.ts'
import type { Answers } from '../../observation/observation.ts'
import type { Server } from '../../stack/stack.ts'
import { ignoreEvents, withoutSecrets } from '../emit.ts'
import type { Session } from './session.ts'

type AskOptions = Partial<Pick<ObserveOptions, 'emit' | 'patienceSeconds' | 'answerWithinSeconds' | 'isThorough'>>

/**
 * Asks servers for all that a plan or a status needs, all at once. For one that does not answer, the reason is
 * returned.
 */
export const queryServers = (
  servers: readonly Server[],
  { stack, connect, secrets }: Pick<Session, 'stack' | 'connect' | 'secrets'>,
  { emit = ignoreEvents, ...more }: AskOptions = {},
): Promise<Answers> => observe(servers, { stack, components, connect, secrets, emit: withoutSecrets(emit), ...more })
