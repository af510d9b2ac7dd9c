import { expect, it } from 'vitest'
import { commandLine, inPlace, trimaran } from './suggested-command.ts'

const lab = { lab: true }

it.each([
  [{ lab: false }, 'run `trimaran up`, see `trimaran logs db-1 patroni`'],
  [lab, 'run `trimaran up --lab`, see `trimaran logs db-1 patroni --lab`'],
  [
    { lab: true, config: 'stage.config.ts' },
    'run `trimaran up --lab --config stage.config.ts`, see `trimaran logs db-1 patroni --lab --config stage.config.ts`',
  ],
])('completes what a text suggests: %o', (place, text) => {
  const said = `run ${trimaran('up')}, see ${trimaran('logs db-1 patroni')}`
  expect(inPlace(said, place)).toBe(text)
  expect(inPlace(text, place)).toBe(text)
})

it.each([
  ['exec web-1 -- uptime', 'exec web-1 --lab -- uptime'],
  ['up --lab', 'up --lab'],
  ['init', 'init'],
  ['--help', '--help'],
  ['lab power-on web-1', 'lab power-on web-1'],
])('adds no flag where it does not belong: %s', (words, completed) => {
  expect(commandLine(words, lab)).toBe(`trimaran ${completed}`)
})

it('quotes the name of a file where a shell would split it', () => {
  expect(commandLine('lab down', { lab: true, config: "my app's.ts" })).toBe(
    String.raw`trimaran lab down --config 'my app'\''s.ts'`,
  )
})
