import { describe, expect, it } from 'vitest'
import { type FollowingShown, showFinished, showFollowing } from './show-following.ts'
import { createTone } from './tone.ts'

const there = {
  slot: { isActive: true, lagBytes: 0, keptBytes: 16_777_216 },
  lagSeconds: null,
  isReadOnly: false,
  sessions: [],
}
const whole: FollowingShown = {
  database: 'shop',
  server: 'db-1',
  source: 'postgresql://ana@old/shop',
  name: 'trimaran_a_shop',
  tables: 34,
  copied: 34,
  isWorking: true,
  failures: 0,
  there,
}
const show = (one: Partial<FollowingShown>): string => showFollowing({ ...whole, ...one }, createTone({ isTTY: false }))

describe('a database that follows', () => {
  it('is ready to take over once all is here and nobody else is there', () => {
    expect(show({})).toBe(`shop on db-1 follows postgresql://ana@old/shop
  tables  34 of 34 copied
  behind  nothing
  slot    keeps 16 MB there
  there   takes writes, nobody else is logged in
→ ready: \`trimaran db follow finish --database shop\` takes over`)
  })

  it.each<[string, Partial<FollowingShown>]>([
    ['tables are copied', { copied: 12 }],
    ['somebody may write there', { there: { ...there, sessions: [{ user: 'shop', program: 'puma', count: 5 }] } }],
    ['nothing comes', { isWorking: false }],
    ['what came was refused', { failures: 2 }],
    ['the slot is lost', { there: { ...there, slot: null } }],
    ['the old server is silent', { there: { why: 'timeout' } }],
  ])('is not where %s', (_what, one) => {
    expect(show(one)).not.toContain('takes over')
  })

  it('is where the old database is read-only, whoever reads it', () => {
    const sessions = [{ user: 'shop', program: 'puma', count: 5 }]
    expect(show({ there: { ...there, isReadOnly: true, sessions } })).toContain('takes over')
  })
})

it('that took over has what is left to do named where the statistics are missing', () => {
  const finished = { database: 'shop', source: 'postgresql://ana@old/shop', tables: 2, rows: 1200, sequences: 1 }
  const said = (isAnalyzed: boolean): string => showFinished({ ...finished, isAnalyzed }, createTone({ isTTY: false }))
  expect(said(true)).toContain('two tables with 1,200 rows, counted on both sides; one sequence set')
  expect(said(true)).not.toContain('analyze')
  expect(said(false)).toContain('`trimaran psql --database shop -- -c analyze`')
})
