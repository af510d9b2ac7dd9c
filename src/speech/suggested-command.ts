/** Which stack a command was about: what its next steps must name, too. */
export interface CommandPlace {
  readonly lab: boolean
  /** Another config file, as it was named. */
  readonly config?: string
}

/**
 * A command of Trimaran as a text mentions it, in backticks. It is the only way to mention one: whoever shows the text
 * completes it with `inPlace`, and a test parses each of them as the command line does.
 *
 * @example trimaran('logs db-1 patroni') === '`trimaran logs db-1 patroni`'
 */
export const trimaran = (words: string): string => `\`${commandLine(words)}\``

/** The same without backticks, for a command that stands alone. */
export const commandLine = (words: string, place: CommandPlace = { lab: false }): string =>
  `trimaran ${withPlace(words, place)}`

/** A text with each command that it mentions as it must be given here: with `--lab` and `--config` where this one had them. */
export const inPlace = (text: string, place: CommandPlace): string =>
  text.replaceAll(/`trimaran ([^`]+)`/g, (_, words: string) => `\`${commandLine(words, place)}\``)

/** Verbs that are about no stack's servers, and the flags that they know nevertheless. */
const withoutPlace: Readonly<Record<string, readonly string[]>> = {
  init: [],
  help: [],
  '--help': [],
  lab: ['--config'],
}

/** Flags stand before what follows `--`, which belongs to another program. */
function withPlace(words: string, { lab, config }: CommandPlace): string {
  const [, own = words, rest = ''] = /^(.*?)( -- .*)?$/s.exec(words) ?? []
  const known = withoutPlace[own.split(' ')[0]!] ?? ['--lab', '--config']
  const flags = [
    ...(lab ? [['--lab']] : []),
    ...(config === undefined ? [] : [['--config', quoteWhereNeeded(config)]]),
  ].filter(([flag]) => known.includes(flag!) && !own.split(' ').includes(flag!))
  return [own, ...flags.flat()].join(' ') + rest
}

const quoteWhereNeeded = (word: string): string =>
  /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
