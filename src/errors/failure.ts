import { catalogue, type FailureCode } from './catalogue.ts'

/** What a failure tells, each part a sentence without a full stop. Only `what` is always there. */
export interface FailureFacts {
  /** What happened, in the user's words; becomes the headline. */
  readonly what: string
  /** The place: a file and path in it, or a server. */
  readonly where?: string
  /** The reason, or the other program's own words; may have several lines. */
  readonly why?: string
  /** After a change that failed: the state that was left behind. */
  readonly state?: string
  /** What the user should do next. */
  readonly next?: string
  /** The same for programs, as `--json` shows it; never needed to understand the text. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** An error that is meant to be read by the operator. Anything else that is thrown is a defect of Trimaran. */
export class TrimaranError extends Error {
  readonly code: FailureCode
  readonly facts: FailureFacts

  constructor(code: FailureCode, facts: FailureFacts, options?: ErrorOptions) {
    super(facts.what, options)
    this.name = 'TrimaranError'
    this.code = code
    this.facts = facts
  }

  /** 2 where the command or its file was wrong, 1 where doing it failed. */
  get exitCode(): 1 | 2 {
    return catalogue[this.code].exitCode
  }
}

/** Makes a failure: `throw failure('TRI-LAB-001', { what: '…' })`. The code must be in the catalogue. */
export function failure(code: FailureCode, facts: FailureFacts, options?: ErrorOptions): TrimaranError {
  return new TrimaranError(code, facts, options)
}
