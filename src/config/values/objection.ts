/** Why a value cannot stay as it is; clauses without a full stop. */
export interface Objection {
  /** As in "it must start with a slash". */
  readonly reason: string
  /** As in "write '/up'". */
  readonly suggestion?: string
}

/** Looks at a text of the right type; nothing means that it is sound. */
export type Judge = (value: string) => Objection | undefined

/** Asks several judges, and gives the first objection. */
export const firstObjection =
  (...judges: readonly Judge[]): Judge =>
  (value) =>
    judges.reduce<Objection | undefined>((found, judge) => found ?? judge(value), undefined)
