import { TrimaranError } from '../errors/failure.ts'
import { failureAsJson, renderFailure } from '../errors/render-failure.ts'
import { createTone } from './tone.ts'

/** A failure as text for a person, or as one line of JSON. A defect of Trimaran keeps its stack trace and says so. */
export function reportFailure(error: unknown, { json }: { readonly json: boolean }): string {
  if (error instanceof TrimaranError) {
    if (json) return JSON.stringify({ type: 'error', error: failureAsJson(error) })
    return renderFailure(error, { tone: createTone(process.stderr), width: process.stderr.columns ?? 80 })
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `✖ This is a defect of Trimaran, not of your file or servers:\n${trace}`
}
