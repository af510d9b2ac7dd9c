import { Buffer } from 'node:buffer'
import { lines, sh, type Shell } from '../shell/sh.ts'

/** One question of several that travel together. */
export interface Section {
  readonly name: string
  readonly question: Shell
}

/** Far more than any real answer to one question. The server cuts off a longer answer, and it is refused here. */
const mostBytes = 8 * 1024 ** 2

/**
 * Asks all questions in one script. Each question runs in its own subshell, so that it cannot affect the next one. Its output is
 * sent in base64, on one line after a mark: so text in an answer, such as an app's log, can neither end the answer nor begin
 * another one.
 */
export const askFramed = (sections: readonly Section[], mark: string): Shell =>
  lines([
    sh`send() { printf '%s %s ' ${mark} "$1"; head -c ${mostBytes + 1} | base64 -w0; echo; }`,
    ...sections.map(
      ({ name, question }) => sh`
        ( ${question}
        ) | send ${name}
      `,
    ),
  ])

/** A line before an answer: the server is alive, and waits. */
export const waitingLine = (mark: string): string => `${mark} waits`

/**
 * Reads the answer: exactly those sections, each once, in that order, with this mark.
 * @returns the answers by name, or why all of it is rejected.
 */
export function readFramed(
  answer: string,
  names: readonly string[],
  mark: string,
): ReadonlyMap<string, string> | { readonly refused: string } {
  const said = answer.split('\n')
  const rows = said.slice(said.findIndex((row) => row !== waitingLine(mark)))
  if (rows.pop() !== '' || rows.length < names.length) return { refused: 'its answer broke off' }
  if (rows.length > names.length) return { refused: 'its answer has more than it was asked for' }
  const answers = new Map<string, string>()
  for (const [position, name] of names.entries()) {
    const opening = `${mark} ${name} `
    const row = rows[position]!
    const encoded = row.slice(opening.length)
    if (!row.startsWith(opening) || !isBase64(encoded)) return { refused: 'its answer is for another question' }
    const bytes = Buffer.from(encoded, 'base64')
    if (bytes.length > mostBytes) return { refused: `its answer to ${name} is larger than ${mostBytes / 1024 ** 2} MB` }
    answers.set(name, bytes.toString())
  }
  return answers
}

const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
