import type { DetectedApp } from './detect-app.ts'
import type { SourceStyle } from './source-style.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The text of a commented config for an app, in the project's own style. It passes `parseConfig`. */
export function writeConfigText(app: DetectedApp, style: SourceStyle): string {
  const words = (text: string) => quoteText(text, style)
  const lines = [
    `import { defineStack } from ${words('trimaran')}${style.semicolon}`,
    '',
    `// Which servers there are, and what runs on them. ${trimaran('explain')} says what each part is for,`,
    `// and ${trimaran('up --lab')} tries all of it on this computer.`,
    'export default defineStack({',
    '\t// In messages, and in the names of the lab and of files on the servers. It should not change later.',
    `\tname: ${words(app.name)},`,
    '',
    '\t// First contact. Two balancers share one address: when one dies, the other has it within half a second.',
    '\tbalancer: { servers: 2 },',
    '',
    ...webLines(app, words),
    '',
    ...appLines(app, words),
    '',
    '\t// PostgreSQL. Three servers here survive the loss of any one of them.',
    '\tdatabase: { servers: 1 },',
    '',
    '\t// A number is enough for the lab. Your own servers are named, as `ssh` would reach them:',
    `\t// app: { servers: [${words('app-a.example.com')}, ${words('deploy@app-b.example.com')}], … }`,
    `})${style.semicolon}`,
    '',
  ]
  return lines.map((line) => line.replace(/^\t+/, (tabs) => style.indent.repeat(tabs.length))).join('\n')
}

function webLines({ root }: DetectedApp, words: (text: string) => string): readonly string[] {
  if (root === undefined) {
    return [
      '\t// nginx. It passes everything on to the app, but for files in a folder public/, if there is one.',
      '\tweb: { servers: 1 },',
    ]
  }
  return [
    `\t// nginx. It serves the files in ${root}/ itself and passes everything else on to the app.`,
    `\tweb: { servers: 1, root: ${words(root)} },`,
  ]
}

function appLines(app: DetectedApp, words: (text: string) => string): readonly string[] {
  const isGuess = (setting: string) => app.guessed.includes(setting)
  return [
    '\tapp: {',
    '\t\tservers: 1,',
    ...(app.build === undefined
      ? []
      : ['\t\t// Runs on this computer, once for each release.', `\t\tbuild: ${words(app.build)},`]),
    isGuess('app.start')
      ? '\t\t// TO FILL IN: the command that starts the app. It listens on $PORT and finds the database in DATABASE_URL.'
      : '\t\t// The app listens on $PORT, finds the database in DATABASE_URL, and ends on SIGTERM.',
    `\t\tstart: ${words(app.start)},`,
    isGuess('app.health')
      ? '\t\t// TO FILL IN: a path that answers 200 only while the app can do its work, such as /up.'
      : '\t\t// Requests come only while this path answers 200.',
    `\t\thealth: ${words(app.health)},`,
    ...runtimeLines(app, words),
    '\t},',
  ]
}

function runtimeLines({ runtime }: DetectedApp, words: (text: string) => string): readonly string[] {
  if (runtime === undefined) return ['\t\t// If the app needs Debian packages: runtime: { packages: [ … ] }']
  if ('node' in runtime) return [`\t\truntime: { node: ${words(runtime.node)} },`]
  return [
    '\t\t// Debian packages on the app servers.',
    `\t\truntime: { packages: [${runtime.packages.map(words).join(', ')}] },`,
  ]
}

/** A JavaScript text in the project's quotes, or in the others where that saves an escape. */
function quoteText(text: string, { quote }: SourceStyle): string {
  const other = quote === "'" ? '"' : "'"
  const mark = text.includes(quote) && !text.includes(other) ? other : quote
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`)
  return mark + escaped + mark
}
