/** How long writes waited, over many failures: the least, the middle, what 19 of 20 stay below, and the most, in seconds. */
export interface Distribution {
  readonly least: number
  readonly median: number
  readonly most95: number
  readonly most: number
}

/** Where a figure lies between two, it is the larger one. */
export function distributionOf(milliseconds: readonly number[]): Distribution {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number): number => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN) / 1000
  return { least: at(0), median: at(0.5), most95: at(0.95), most: at(1) }
}

/** The longest time without an acknowledged write that a strike caused: of those that end after it and before the next. */
export function gapAfter(strike: number, next: number, gaps: readonly Gap[]): number {
  const ends = ({ from, milliseconds }: Gap): number => from + milliseconds
  const caused = gaps.filter((gap) => ends(gap) > strike && ends(gap) <= next)
  return Math.max(0, ...caused.map(({ milliseconds }) => milliseconds))
}

export interface Gap {
  readonly from: number
  readonly milliseconds: number
}
