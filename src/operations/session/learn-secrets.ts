import { setTimeout as sleep } from 'node:timers/promises'
import type { Blueprint } from '../../blueprint/blueprint.ts'
import type { Config } from '../../config/schema.ts'
import { TrimaranError } from '../../errors/failure.ts'
import { kindOf } from '../../resources/kinds.ts'
import { learnSecret } from '../../speech/known-secrets.ts'
import { namesSecret, passwordIn } from '../../speech/mask.ts'
import type { Session } from './session.ts'

/** The longest that a command waits for secrets that it needs only for masking: a vault may be down. */
const patienceMilliseconds = 10_000

/** Learns the secrets in the file itself: values with names of secrets, and passwords in URLs. */
export function learnFromConfig({ app }: Pick<Config, 'app'>): void {
  for (const [name, value] of Object.entries(app.env))
    if (typeof value === 'string')
      for (const secret of namesSecret(name) ? [value] : passwordIn(value)) learnSecret(secret)
}

/** Learns the private keys that are placed on servers, so that even a line of one is masked. */
export function learnFromBlueprints(blueprints: readonly Blueprint[]): void {
  for (const { parts } of blueprints)
    for (const one of parts.flatMap(({ resources }) => resources)) {
      const key = kindOf(one.kind).privateKeyIn?.(one)
      if (key !== undefined) learnSecret(key)
    }
}

/**
 * Reads the app's secrets before any server is asked, so that they are masked in answers. Returns the reason where they
 * cannot be read: an operator in an emergency may not have them.
 */
export async function learnAppSecrets(read: Session['readAppSecrets']): Promise<string | undefined> {
  const over = new AbortController()
  try {
    const late = sleep(patienceMilliseconds, 'late' as const, { signal: over.signal, ref: false }).catch(
      () => 'late' as const,
    )
    return (await Promise.race([read(), late])) === 'late'
      ? `they could not be read within ${patienceMilliseconds / 1000} s`
      : undefined
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    return error.facts.why ?? error.message
  } finally {
    over.abort()
  }
}
