// Lets each language's own checker look at the programs that servers get, and their tests. Run by `npm run check`. A checker that
// is not installed is named with its package, and its programs are left out.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, statSync } from 'node:fs'
import { basename, extname } from 'node:path'

interface Checker {
  readonly command: string
  readonly words: readonly string[]
  /** Whether it takes all of the files at once. */
  readonly takesAll: boolean
}

/** By the language of a program. */
const checkers: Readonly<Record<string, Checker>> = {
  // -x: it follows what a program reads in.
  shell: { command: 'shellcheck', words: ['-x', '--'], takesAll: true },
  python: { command: 'pyflakes3', words: [], takesAll: true },
  perl: { command: 'perl', words: ['-cw'], takesAll: false },
  // luac 5.4 ends with a double free where it is given several files with variables that are closed.
  lua: { command: 'luac5.4', words: ['-p', '--'], takesAll: false },
}

const files = globSync(['src/**/files/**', 'src/**/tests/*.py', 'test/**/*.py'], { exclude: ['**/__pycache__'] })
  .filter((path) => statSync(path).isFile())
  .toSorted()
const missing: string[] = []
let checked = 0

for (const [language, of] of Object.entries(Object.groupBy(files, languageOf))) {
  const checker = checkers[language]!
  const calls = checker.takesAll ? [of!] : of!.map((file) => [file])
  for (const call of calls) check(checker, call)
}

process.stdout.write(`${checked} of ${files.length} programs are sound\n`)
for (const command of new Set(missing))
  process.stdout.write(
    `! ${command} is not installed, and its programs were not checked → apt-get install ${packageOf(command)}\n`,
  )

function check({ command, words }: Checker, call: readonly string[]): void {
  const { error, status, stdout, stderr } = spawnSync(command, [...words, ...call], { encoding: 'utf8' })
  if (error !== undefined) missing.push(command)
  // Perl tells of what it doubts, and calls it sound.
  else if (status === 0 && !/ line \d+\.$/m.test(stderr)) checked += call.length
  else {
    process.stderr.write(`${stdout}${stderr}`)
    process.exitCode = 1
  }
}

function languageOf(file: string): string {
  const [first = ''] = readFileSync(file, 'utf8').split('\n', 1)
  if (extname(basename(file)) === '.py' || /^#!.*python/.test(first)) return 'python'
  if (extname(file) === '.lua') return 'lua'
  return /^#!.*perl/.test(first) ? 'perl' : 'shell'
}

function packageOf(command: string): string {
  const { tests } = JSON.parse(readFileSync('requirements.json', 'utf8')) as {
    readonly tests: readonly { readonly package: string; readonly command?: string }[]
  }
  return tests.find((one) => one.command === command)!.package
}
