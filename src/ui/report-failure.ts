import { failure, TrimaranError } from '../errors/failure.ts'
import { failureAsJson, renderFailure } from '../errors/render-failure.ts'
import { hideSecrets } from '../speech/known-secrets.ts'
import { type CommandPlace, inPlace } from '../speech/suggested-command.ts'
import { mapTexts } from '../speech/mask.ts'
import { jsonLine } from '../speech/visible.ts'
import { shown } from './shown.ts'
import { createTone } from './tone.ts'

/**
 * A failure as text for a person, or as one line of JSON; its next step is about the same stack. A defect of Trimaran keeps
 * its stack trace and says so.
 */
export function reportFailure(error: unknown, { json, ...place }: { readonly json: boolean } & CommandPlace): string {
  if (error instanceof TrimaranError) {
    // Before it is wrapped: a secret over two lines would not be recognised.
    const said = failure(
      error.code,
      mapTexts(error.facts, (text) => inPlace(hideSecrets(text), place)),
    )
    if (json) return jsonLine({ type: 'error', error: failureAsJson(said) })
    return shown(renderFailure(said, { tone: createTone(process.stderr), width: process.stderr.columns ?? 80 }))
  }
  const what = 'This is a defect of Trimaran, not of your file or servers'
  const trace = hideSecrets(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return json ? jsonLine({ type: 'error', error: { what, why: trace, exitCode: 1 } }) : shown(`✖ ${what}:\n${trace}`)
}
