/** Records an impossible answer of a server: about what, and the text itself. */
export type Doubt = (what: string, said: string) => void

/** How many are listed; the others are only counted. */
const mostTold = 5
const mostLetters = 120

export interface Doubts {
  readonly doubt: Doubt
  /** Clauses that go on from the name of the server: `says of its addresses what cannot be: "…"`. */
  readonly told: () => readonly string[]
}

export function createDoubts(): Doubts {
  const told: string[] = []
  let untold = 0
  return {
    doubt(what, said) {
      if (told.length < mostTold) told.push(`says of ${what} what cannot be: ${inQuotes(said)}`)
      else untold += 1
    },
    told: () => (untold === 0 ? told : [...told, `says ${untold} more things that cannot be`]),
  }
}

/** Untrusted text on one line, with special characters escaped as in JSON. */
function inQuotes(said: string): string {
  const short = said.length > mostLetters ? `${said.slice(0, mostLetters)}…` : said
  return JSON.stringify(short).replaceAll(/[^\x20-\x7e…]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
}
