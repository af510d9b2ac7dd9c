import { components } from '../../components/index.ts'
import { observe, type ObserveOptions } from '../../engine/observe.ts'
import type { Answers } from '../../observation/observation.ts'
import type { Server } from '../../stack/stack.ts'
import { ignoreEvents, withoutSecrets } from '../emit.ts'
import { absentServer } from './absent-servers.ts'
import type { Session } from './session.ts'

type Asked = Pick<Session, 'stack' | 'connect' | 'secrets' | 'absent'>
type AskOptions = Partial<Pick<ObserveOptions, 'emit' | 'patienceSeconds' | 'answerWithinSeconds' | 'isThorough'>>

/**
 * As `queryServers`, for a plan and for `check`: a lab server that is not booted yet is not asked, and counts as a fresh one.
 */
export async function queryOrImagine(
  servers: readonly Server[],
  session: Asked,
  options?: AskOptions,
): Promise<Answers> {
  const { absent = new Set() } = session
  const answers = await queryServers(
    servers.filter(({ name }) => !absent.has(name)),
    session,
    options,
  )
  return new Map(servers.map((server) => [server.name, answers.get(server.name) ?? absentServer(server)]))
}

/**
 * Asks servers for all that a plan or a status needs, all at once. For one that does not answer, the reason is
 * returned.
 */
export const queryServers = (
  servers: readonly Server[],
  { stack, connect, secrets }: Asked,
  { emit = ignoreEvents, ...more }: AskOptions = {},
): Promise<Answers> => observe(servers, { stack, components, connect, secrets, emit: withoutSecrets(emit), ...more })
