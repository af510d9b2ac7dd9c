import { stripVTControlCharacters } from 'node:util'

/** A terminal of so many columns that understands what the live region says, and shows what a person would see. */
export interface FakeTerminal {
  readonly isTTY: true
  columns: number
  readonly rows: number
  write(text: string): void
  /** All lines, with those that have scrolled out of sight. */
  screen(): string
  readonly cursorIsVisible: boolean
  /** How often something was written. */
  readonly writes: number
}

export function createFakeTerminal(columns: number, rows = 24): FakeTerminal {
  const lines: string[] = ['']
  let row = 0
  let visible = true
  let writes = 0

  const put = (text: string, width: number): void => {
    for (const character of text) {
      if ([...lines[row]!].length >= width) lines[++row] = ''
      lines[row] += character
    }
  }
  const commands: Readonly<Record<string, (amount: number) => void>> = {
    A: (amount) => (row = Math.max(0, row - amount)),
    J: () => {
      lines.length = row + 1
      lines[row] = ''
    },
    l: () => (visible = false),
    h: () => (visible = true),
    m: () => {},
  }

  return {
    isTTY: true,
    columns,
    rows,
    write(text) {
      writes += 1
      // eslint-disable-next-line no-control-regex
      for (const [piece, amount, letter] of text.matchAll(/\u001B\[\??(\d*)([A-Za-z])|\n|\r|[^\u001B\n\r]+/g)) {
        if (letter !== undefined) commands[letter]!(Number(amount || 1))
        else if (piece === '\n') lines[++row] ??= ''
        else if (piece !== '\r') put(stripVTControlCharacters(piece), this.columns)
      }
    },
    screen: () => lines.map((line) => line.trimEnd()).join('\n'),
    get cursorIsVisible() {
      return visible
    },
    get writes() {
      return writes
    },
  }
}
