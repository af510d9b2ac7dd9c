import type { AppDraft, Code } from './draft.ts'
import type { Detected } from './detect-app.ts'
import type { SourceStyle } from './source-style.ts'
import { trimaran } from '../../speech/suggested-command.ts'

type Words = (text: string) => string

const isCode = (value: unknown): value is Code => typeof value === 'object' && value !== null && 'code' in value

/** What the expressions of the config need, beside `defineStack`. */
function importsOf(found: Detected): readonly string[] {
  const codes = Object.values('app' in found ? (found.app.env ?? {}) : {}).filter(isCode)
  const names = ['app', 'database', 'site', 'text'].filter((name) =>
    codes.some(({ code }) => new RegExp(`\\b${name}[.\`]`).test(code)),
  )
  return [...names, 'defineStack'].toSorted()
}

/** The text of a commented config for an app, in the project's own style. It passes `parseConfig`. */
export function writeConfigText(app: Detected, style: SourceStyle): string {
  const words: Words = (text) => quoteText(text, style)
  const lines = [
    `import { ${importsOf(app).join(', ')} } from ${words('trimaran')}${style.semicolon}`,
    '',
    `// ${app.kind}, by ${app.evidence}.`,
    `// ${trimaran('explain')} says what each part is for, and ${trimaran('up --lab')} tries all of it on this computer.`,
    'export default defineStack({',
    '\t// In messages, and in the names of the lab and of files on the servers. It should not change later.',
    `\tname: ${words(app.name)},`,
    '',
    '\t// First contact. Two balancers share one address: when one dies, the other has it within half a second.',
    '\tbalancer: { servers: 2 },',
    '',
    ...webLines(app, words),
    '',
    ...('app' in app ? [...appLines(app, app.app, words), '', ...databaseLines(app), ''] : []),
    '\t// A number is enough for the lab. Your own servers are named, as `ssh` would reach them:',
    `\t// web: { servers: [${words('web-a.example.com')}, ${words('deploy@web-b.example.com')}], … }`,
    `})${style.semicolon}`,
    '',
  ]
  return lines.map((line) => line.replace(/^\t+/, (tabs) => style.indent.repeat(tabs.length))).join('\n')
}

const usualRoot = 'public'

function webLines(app: Detected, words: Words): readonly string[] {
  const root = app.root === undefined || app.root === usualRoot ? [] : [`root: ${words(app.root)}`]
  if ('app' in app)
    return [
      `\t// nginx. It serves the files of ${app.root ?? usualRoot}/ itself, if there are any, and passes everything else on to the app.`,
      `\tweb: { ${['servers: 1', ...root].join(', ')} },`,
    ]
  const { build, cache, fallback } = app.site
  return [
    `\t// nginx. It serves the files of ${app.root}/. There is no app.`,
    '\tweb: {',
    '\t\tservers: 1,',
    ...settings({ build, cache }, app.comments ?? {}, words, ['Runs on this computer, once for each release.']),
    ...(root.length === 0 ? [] : [`\t\t${root[0]!},`]),
    ...settings({ fallback }, app.comments ?? {}, words),
    '\t},',
  ]
}

function appLines(found: Detected, app: AppDraft, words: Words): readonly string[] {
  const { build, include, cache, start, release, processes, health, runtime, devDependencies, env, secrets, writable } =
    app
  const comments = found.comments ?? {}
  const isGuess = (setting: (typeof found.guessed)[number]): boolean => found.guessed.includes(setting)
  return [
    '\tapp: {',
    '\t\tservers: 1,',
    ...(build === undefined && isGuess('build')
      ? ['\t\t// TO FILL IN: build, a command that makes the release ready to run, on this computer.']
      : []),
    ...settings({ build, include, cache, devDependencies }, comments, words, [
      'Runs on this computer, once for each release.',
    ]),
    isGuess('start')
      ? '\t\t// TO CHECK: the command that starts the app.'
      : `\t\t// The app listens on $PORT,${found.usesDatabase ? ' finds the database in DATABASE_URL,' : ''} and ends on SIGTERM.`,
    `\t\tstart: ${words(start)},`,
    ...settings(
      { release, processes },
      { release: 'Runs once for each release, before it serves anybody.', ...comments },
      words,
    ),
    ...(isGuess('health')
      ? [
          '\t\t// TO CHECK: a path that answers 200 only while the app can do its work, such as /up.',
          `\t\thealth: ${words('/')},`,
        ]
      : ['\t\t// Requests come only while this path answers 200.', `\t\thealth: ${words(health!)},`]),
    ...settings(
      { runtime, env, secrets, writable },
      {
        ...(runtime !== undefined && 'packages' in runtime && { runtime: 'Debian packages on the app servers.' }),
        ...(secrets && { secrets: 'Values come from your environment, or from the file .env beside this one.' }),
        ...(writable && {
          writable: 'Folders that the app writes. Each app server keeps its own, and deploys leave them alone.',
        }),
        ...comments,
      },
      words,
    ),
    '\t},',
  ]
}

/** Lines for those settings that are there, each with its comment above it. */
function settings(
  values: Readonly<Record<string, unknown>>,
  comments: Readonly<Record<string, string | undefined>>,
  words: Words,
  usual: readonly string[] = [],
): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return []
    const said = [...(name === 'build' ? usual : []), ...(comments[name] === undefined ? [] : [comments[name]])]
    return [...said.map((line) => `\t\t// ${line}`), ...literal(`${name}: `, value, words, 2)]
  })
}

const longestLine = 110

/** A value as source text: on one line where it is short, else a line for each entry. */
function literal(before: string, value: unknown, words: Words, depth: number): readonly string[] {
  const tabs = '\t'.repeat(depth)
  const short = `${before}${inline(value, words)},`
  if (typeof value !== 'object' || value === null || isCode(value) || short.length + depth * 2 <= longestLine)
    return [`${tabs}${short}`]
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const entries = Array.isArray(value)
    ? value.map((one) => ['', one] as const)
    : Object.entries(value).map(([name, one]) => [`${key(name, words)}: `, one] as const)
  return [
    `${tabs}${before}${open}`,
    ...entries.flatMap(([name, one]) => literal(name, one, words, depth + 1)),
    `${tabs}${close},`,
  ]
}

/** The name of a field, in quotes where it needs them. */
const key = (name: string, words: Words): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : words(name))

function inline(value: unknown, words: Words): string {
  if (isCode(value)) return value.code
  if (typeof value === 'string') return words(value)
  if (Array.isArray(value)) return `[${value.map((one) => inline(one, words)).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${key(name, words)}: ${inline(one, words)}`)
      .join(', ')} }`
  return String(value)
}

const databaseLines = ({ usesDatabase, otherDatabase }: Detected): readonly string[] => {
  if (usesDatabase)
    return ['\t// PostgreSQL. Three servers here survive the loss of any one of them.', '\tdatabase: { servers: 1 },']
  if (otherDatabase !== undefined)
    return [
      `\t// No database: the app wants ${otherDatabase}, and Trimaran brings PostgreSQL alone. Where yours runs elsewhere, its`,
      '\t// address belongs in `app.privateNetworks`, and what the app has to know of it in `app.env` and `app.secrets`.',
    ]
  return [
    '\t// PostgreSQL, which the app does not mention: with `database: { servers: 1 }` it finds one in DATABASE_URL.',
  ]
}

/** A JavaScript text in the project's quotes, or in the others where that saves an escape. */
function quoteText(text: string, { quote }: SourceStyle): string {
  const other = quote === "'" ? '"' : "'"
  const mark = text.includes(quote) && !text.includes(other) ? other : quote
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`)
  return mark + escaped + mark
}
