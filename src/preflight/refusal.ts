/** A reason why a plan cannot be applied. A plan with refusals is never applied. */
export interface Refusal {
  /** The server that it is about, or the stack. */
  readonly server: string
  readonly what: string
  readonly why?: string
  readonly next: string
}
