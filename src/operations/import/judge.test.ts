import { describe, expect, it } from 'vitest'
import { serverNamed, fiveServers } from '../../components/testing/stacks.ts'
import type { Fate } from './ask-fate.ts'
import { judge } from './run-import.ts'
import { readImportLine } from './seen-dump.ts'

const began = { type: 'began', transaction: '1105', process: 4711 } as const
const tables = { count: 2, rows: 5, list: [{ name: 'public.a', rows: 5, isCompared: true }] }
const compared = { type: 'compared', tables, leftOut: { owners: 2 } } as const
const run = { database: 'shop', server: serverNamed(fiveServers([]), 'db-1') }

/** What the program said before the connection broke, and what PostgreSQL says afterwards. */
function after(
  lines: readonly object[],
  transaction?: Fate['transaction'],
  { tables: count = 0, server = 'db-1' } = {},
) {
  const said = lines.map((line) => readImportLine(JSON.stringify(line))!)
  const find = <T extends string>(type: T) => said.find((line) => line.type === type)
  const fate = transaction === undefined ? undefined : { transaction, tables: count, server }
  const heard = {
    began: () => find('began') as typeof began | undefined,
    compared: () => find('compared') as typeof compared | undefined,
    isCommitted: () => find('committed') !== undefined,
    isAnalyzed: () => find('analyzed') !== undefined,
  }
  return judge(heard, fate, run)
}

describe('an import whose connection broke', () => {
  it('is whole where it was committed, whether or not that was heard', () => {
    const came = { tables, leftOut: { owners: 2 }, isAnalyzed: false }
    expect(after([began, compared], 'committed', { tables: 2 })).toEqual({ came })
    expect(after([began, compared, { type: 'committed' }], 'committed', { tables: 2 })).toEqual({ came })
    expect(after([began, compared, { type: 'committed' }])).toEqual({ came })
    expect(after([began, compared, { type: 'committed' }, { type: 'analyzed' }])).toEqual({
      came: { ...came, isAnalyzed: true },
    })
  })

  it('left nothing where PostgreSQL says so, or where it had not begun', () => {
    const nothing = { state: expect.stringMatching(/^nothing of it is in shop on db-1/), next: expect.anything() }
    expect(after([began], 'aborted')).toEqual(nothing)
    expect(after([began, compared], 'aborted')).toEqual(nothing)
    expect(after([], null)).toEqual(nothing)
  })

  it('is not called whole or gone where nobody knows', () => {
    const unknown = { state: expect.stringContaining('all of it is in shop'), next: expect.stringContaining('look at') }
    expect(after([began, compared])).toEqual(unknown)
    expect(after([began, compared], 'in progress')).toEqual(unknown)
    expect(after([began, compared], null)).toEqual(unknown)
  })

  it('left a part where it was committed before its rows were compared', () => {
    expect(after([began], 'committed', { tables: 1 })).toEqual({
      state: expect.stringContaining('it ended the transaction itself'),
      next: expect.stringContaining('--replace'),
    })
  })

  it('does not take the transaction of another primary for its own', () => {
    expect(after([began], 'committed', { server: 'db-2' })).toEqual({
      state: expect.stringMatching(/^nothing of it is in shop on db-2/),
      next: expect.anything(),
    })
  })
})
