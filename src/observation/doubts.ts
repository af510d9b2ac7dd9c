/** Notes that a server said something that cannot be: of what, and the words themselves. */
export type Doubt = (what: string, said: string) => void

/** So many are told one by one; of the others only how many there are. */
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

/** A stranger's words on one line, with its odd letters spelt out as JSON does. */
function inQuotes(said: string): string {
  const short = said.length > mostLetters ? `${said.slice(0, mostLetters)}…` : said
  return JSON.stringify(short).replaceAll(/[^\x20-\x7e…]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
}
