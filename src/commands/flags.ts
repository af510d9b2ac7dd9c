/** Flags that every verb understands. */
export const commonFlags = {
  json: { kind: 'boolean', brief: 'Print JSON instead of text', default: false, withNegated: false },
  config: { kind: 'parsed', parse: String, brief: 'Another config file', placeholder: 'file', optional: true },
} as const

/** Flags of the verbs that work on a stack, be it on the user's servers or in the lab. */
export const stackFlags = {
  ...commonFlags,
  lab: { kind: 'boolean', brief: 'Work on the lab on this computer', default: false, withNegated: false },
} as const

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && Number.isInteger(seconds) && seconds >= 0) return seconds
  throw new Error(`${text} is not a number of seconds`)
}

/** How many lines or rows are wanted. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${text} is not a whole number from 1 on`)
}

/** Flags of the verbs that change servers. */
export const changeFlags = {
  ...stackFlags,
  yes: { kind: 'boolean', brief: 'Go on without asking', default: false, withNegated: false },
  wait: {
    kind: 'parsed',
    parse: parseSeconds,
    brief: 'Seconds to wait while another operator changes the stack; 8 unless stated',
    placeholder: 'seconds',
    optional: true,
  },
} as const

export interface CommonFlags {
  readonly json: boolean
  readonly config?: string
}

export interface StackFlags extends CommonFlags {
  readonly lab: boolean
}

export interface ChangeFlags extends StackFlags {
  readonly yes: boolean
  /** Seconds. */
  readonly wait?: number
}

/** What each exit code means, beside 0 for well. */
export const exitCodes = {
  failed: 1,
  usage: 2,
  /** `plan --detailed-exitcode`: there are changes. */
  changes: 3,
  /** `status`: something is down, or a redundancy is lost. */
  unwell: 4,
} as const
