import { describe, expect, it } from 'vitest'
import type { Target } from './ask-target.ts'
import { findDifferences, type Presence } from './find-differences.ts'
import type { SeenDump } from './seen-dump.ts'

const megabyte = 1024 ** 2
const plain: SeenDump = {
  versions: { from: '16.4', by: '17.6' },
  encoding: 'UTF8',
  collation: null,
  extensions: [],
  tables: 12,
}
const empty: Target = {
  version: '17.6',
  encoding: 'UTF8',
  collation: 'C.UTF-8',
  tables: 0,
  isFollowing: false,
  isOf: '1796048495.42 app',
  extensions: [
    { name: 'plpgsql', isInstalled: true, isTrusted: true },
    { name: 'hstore', isInstalled: false, isTrusted: true },
    { name: 'dblink', isInstalled: false, isTrusted: false },
  ],
  freeBytes: 1000 * megabyte,
  packages: ['postgresql-17-cron', 'postgresql-17-pgvector', 'postgresql-17-rum'],
}

function compare(seen: Partial<SeenDump>, target: Partial<Target> = {}, presence: Presence = 'must be empty') {
  const needed = { bytes: 100 * megabyte, isExact: false }
  const both = { seen: { ...plain, ...seen }, target: { ...empty, ...target } }
  const { refusals, remarks } = findDifferences({ ...both, database: 'app', presence, needed })
  return { refusals: refusals.map(({ why, next }) => `${why} → ${next}`), remarks }
}

describe('a dump beside the database', () => {
  it('fits where nothing differs', () => {
    expect(compare({ extensions: ['plpgsql'] })).toEqual({ refusals: [], remarks: [] })
  })

  it('is refused where there are tables already, unless it is said what becomes of them', () => {
    expect(compare({}, { tables: 3 }).refusals[0]).toMatch(/^app has three tables already → add `--replace`/)
    expect(compare({}, { tables: 3 }, 'stays').refusals).toEqual([])
    expect(compare({}, { tables: 3 }, 'is replaced').refusals).toEqual([])
  })

  it('is refused where an extension is missing, with the package that has it', () => {
    const [vector, rum, unknown, untrusted] = compare({ extensions: ['vector', 'rum', 'pg_x', 'dblink'] }).refusals
    expect(vector).toContain("packages: ['postgresql-17-pgvector'], extensions: ['vector']")
    expect(rum).toContain("Debian's package postgresql-17-rum has it")
    expect(unknown).toContain("packages: ['its Debian package'], extensions: ['pg_x']")
    expect(untrusted).toMatch(/^only a superuser can create the extension dblink.*extensions: \['dblink'\] \}`, run/)
  })

  it('is refused where it is that database itself', () => {
    expect(compare({ isOf: '1796048495.42 app' }).refusals[0]).toMatch(/^it is app itself/)
    expect(compare({ isOf: '1796048495.42 shop' }).refusals).toEqual([])
  })

  it('is refused where another server is followed, whatever becomes of what is there', () => {
    for (const presence of ['is replaced', 'stays'] as const)
      expect(compare({}, { isFollowing: true }, presence).refusals).toEqual([expect.stringContaining('follow abandon')])
  })

  it('may bring an extension that every owner of a database can create', () => {
    const { refusals, remarks } = compare({ extensions: ['hstore'] })
    expect(refusals).toEqual([])
    expect(remarks).toEqual([expect.stringContaining("extensions: ['hstore']")])
  })

  it('is refused where it cannot fit on the disk, and warned of where it may not', () => {
    expect(compare({}, { freeBytes: 20 * megabyte }).refusals).toEqual([
      expect.stringContaining('there is room for 20 MB, and it needs 25 MB at least'),
    ])
    const { refusals, remarks } = compare({}, { freeBytes: 50 * megabyte })
    expect([refusals, remarks]).toEqual([[], [expect.stringContaining('may need 100 MB')]])
  })

  it('is warned of where it would travel in the clear', () => {
    expect(compare({ isEncrypted: false }).remarks).toEqual([expect.stringContaining('sslmode=verify-full')])
    expect(compare({ isEncrypted: true }).remarks).toEqual([])
  })

  it('has its other version, encoding and order named', () => {
    expect(compare({ versions: { from: '18.1' } }).remarks).toEqual([expect.stringContaining('newer than 17.6 here')])
    expect(compare({ versions: { from: '17.9' } }).remarks).toEqual([])
    expect(compare({ encoding: 'UTF-8' }).remarks).toEqual([])
    expect(compare({ encoding: 'LATIN1' }).remarks).toEqual(['Its texts are LATIN1, and are translated to UTF8'])
    expect(compare({ encoding: 'SQL_ASCII' }).remarks).toEqual([expect.stringContaining('nothing says')])
    expect(compare({ collation: 'de_DE.utf8' }).remarks).toEqual([expect.stringContaining('sorts texts by de_DE.utf8')])
  })
})
