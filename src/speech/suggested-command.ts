/** The stack that a command was about. Suggested next commands name it, too. */
export interface CommandPlace {
  readonly lab: boolean
  /** The config file, as the operator named it; absent for the default. */
  readonly config?: string
}

/**
 * A command of Trimaran in a text, in backticks. All texts mention commands in this way: the view completes them with `inPlace`,
 * and a test parses each of them as the command line does.
 *
 * @example trimaran('logs db-1 patroni') === '`trimaran logs db-1 patroni`'
 */
export const trimaran = (words: string): string => `\`${commandLine(words)}\``

/** The same without backticks, for a command on its own line. */
export const commandLine = (words: string, place: CommandPlace = { lab: false }): string =>
  `trimaran ${withPlace(words, place)}`

/** Completes each command in a text: with `--lab` and `--config` where this command had them. */
export const inPlace = (text: string, place: CommandPlace): string =>
  text.replaceAll(/`trimaran ([^`]+)`/g, (_, words: string) => `\`${commandLine(words, place)}\``)

/** Verbs that concern no servers of a stack, and which of the two flags they still accept. */
const withoutPlace: Readonly<Record<string, readonly string[]>> = {
  init: [],
  help: [],
  '--help': [],
  lab: ['--config'],
}

/** Flags come before `--`; the words after it belong to another program. */
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
