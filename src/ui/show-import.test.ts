import { expect, it } from 'vitest'
import { type ImportedShown, showImported } from './show-import.ts'
import { createTone } from './tone.ts'

const table = (name: string, isCompared = true) => ({ name, rows: 2, isCompared })
const show = (list: ImportedShown['list'], isAnalyzed = true): string =>
  showImported(
    { database: 'shop', server: 'db-1', tables: 2, rows: 4, list, leftOut: {}, isAnalyzed },
    createTone({ isTTY: false }),
  )

it('claims to have compared only what it did', () => {
  expect(show([table('a'), table('b')])).toMatch(/: counted, as many as in the source$/)
  expect(show([table('a', false)])).toMatch(/: counted; the dump itself does not say how many$/)
  expect(show([table('a'), table('b', false)])).toMatch(/as many as in the source\n {2}not compared, .*: b$/)
  expect(show([])).toMatch(/: the source has no rows$/)
})

it('names what is left to do where the statistics are missing', () => {
  expect(show([table('a')], false)).toContain('`trimaran psql --database shop -- -c analyze`')
})
