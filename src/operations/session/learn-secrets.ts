import { setTimeout as sleep } from 'node:timers/promises'
import type { Blueprint } from '../../blueprint/blueprint.ts'
import { partsOf, type VariableInput } from '../../config/references.ts'
import type { Config } from '../../config/schema.ts'
import { TrimaranError } from '../../errors/failure.ts'
import { kindOf } from '../../resources/kinds.ts'
import { learnSecret } from '../../speech/known-secrets.ts'
import { namesSecret, passwordIn } from '../../speech/mask.ts'
import type { Session } from './session.ts'

/** The longest that a command waits for secrets that it needs only for masking: a vault may be down. */
const patienceMilliseconds = 10_000

/** Learns the secrets in the file itself: values with names of secrets, and passwords in URLs and in settings of a connection. */
export function learnFromConfig({ app }: Pick<Config, 'app'>): void {
  for (const [name, value] of Object.entries(app.env)) for (const secret of secretsIn(name, value)) learnSecret(secret)
}

/** Stands for a reference while a text is searched: no text of a config has it. */
const hole = '\0'
/** Pieces of a text beside its references are masked from this length on: a shorter one is rather `0.0.0.0:` than a secret. */
const shortestPiece = 12

function secretsIn(name: string, value: VariableInput): readonly string[] {
  const text = partsOf(value)
    .map((part) => (typeof part === 'string' ? part : hole))
    .join('')
  const passwords = passwordIn(text).flatMap((password) => password.split(hole))
  if (!namesSecret(name)) return passwords
  if (!text.includes(hole)) return [text]
  const pieces = text.replace(/^[\w:+.-]+:\/\//, '').split(hole)
  return [...passwords, ...pieces.filter(({ length }) => length >= shortestPiece)]
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
