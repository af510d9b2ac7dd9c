import { openEventLog } from '../../engine/event-log.ts'
import { failure, TrimaranError } from '../../errors/failure.ts'
import { hideSecrets } from '../../speech/known-secrets.ts'
import { mapTexts } from '../../speech/mask.ts'
import { withoutSecrets } from '../emit.ts'
import type { Terms } from '../operator.ts'
import type { Project } from '../session/session.ts'
import type { Outcome } from './change-stack.ts'
import { unlessInterrupted } from '../interrupted.ts'

/**
 * Keeps the events of an operation beside the config, unless nothing was changed. Secrets are masked in events and
 * failures, since both quote what servers and builds say.
 */
export async function recordEvents<Told extends Terms, Result extends { readonly outcome: Outcome }>(
  { stateFolder }: Pick<Project, 'stateFolder'>,
  command: string,
  operator: Told,
  work: (operator: Told) => Promise<Result>,
): Promise<Result> {
  const log = await openEventLog(stateFolder, command)
  const told: Told = {
    ...operator,
    emit: withoutSecrets((event) => {
      log.write(event)
      operator.emit(event)
    }),
  }
  try {
    const result = await unlessInterrupted(told, () => work(told))
    await log.close(result.outcome === 'applied')
    return result
  } catch (error) {
    await log.close(true)
    throw masked(error)
  }
}

const masked = (error: unknown): unknown =>
  error instanceof TrimaranError
    ? failure(error.code, mapTexts(error.facts, hideSecrets), { cause: error.cause })
    : error
