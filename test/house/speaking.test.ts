import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** What writes to a standard stream, or hands one on to another program. */
const writing =
  /process\s*\.\s*(?:stdout|stderr|stdin)\b|process\[|\bconsole\.(?:log|error|warn|info|debug)\(|'inherit'/

/** Each file that may, and why its words need no look. */
const allowed: Readonly<Record<string, string>> = {
  'src/ui/output.ts': 'the one place: all that verbs say goes through it',
  'src/ui/ask.ts': 'asks whether somebody is there to answer',
  'src/ui/layout.ts': 'asks how wide the terminal is',
  'src/ui/report-failure.ts': 'asks how wide the terminal is',
  'src/main.ts': 'listens for a pipe that breaks',
  'src/commands/interruption.ts': 'says one sentence of its own',
  'src/commands/attach.ts': 'gives input and output to a program on a server, as ssh does',
  'src/commands/lab.ts': 'gives the terminal to a shell, as ssh does',
  'src/lab/lock.ts': 'flock says only what is wrong with its file',
}

it('has one place that writes to the terminal, so that nothing reaches it unseen', () => {
  const files = globSync('src/**/*.ts').filter((file) => !/\.(test|case)\.ts$|\/testing\//.test(file))
  const found = files.filter((file) => writing.test(readFileSync(file, 'utf8')))
  expect(found.toSorted()).toEqual(Object.keys(allowed).toSorted())
})
