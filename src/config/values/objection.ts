/** Why a value cannot stay as it is; clauses without a full stop. */
export interface Objection {
  /** As in "it must start with a slash". */
  readonly reason: string
  /** As in "write '/up'". */
  readonly suggestion?: string
}

/** Looks at a text of the right type; nothing means that it is sound. */
export type Check = (value: string) => Objection | undefined
