import { describe, expect, it } from 'vitest'
import { findObstacles, refuseVersion } from './find-obstacles.ts'
import type { OldServer } from './old-server.ts'

const fit: OldServer = {
  walLevel: 'logical',
  isReplica: false,
  mayReplicate: true,
  mayPublish: true,
  freeSlots: 10,
  freeSenders: 10,
  hasLargeObjects: false,
  tables: 3,
  withoutKey: [],
  ofOthers: [],
  hidden: [],
  unlogged: [],
}
const whys = (old: Partial<OldServer>): readonly string[] =>
  findObstacles({ ...fit, ...old }, 'trimaran_shop_app').refusals.map(({ why }) => why)

describe('a server that is to be followed', () => {
  it('may be, where nothing is against it', () => {
    expect(whys({})).toEqual([])
    expect(findObstacles(fit, 'trimaran_shop_app').remarks[0]).toMatch(/slot trimaran_shop_app .* fills that disk/)
  })

  it.each<[Partial<OldServer>, string]>([
    [{ walLevel: 'replica' }, 'its wal_level is replica'],
    [{ isReplica: true }, 'it is a replica'],
    [{ mayReplicate: false }, 'may not replicate'],
    [{ mayPublish: false }, 'may not create a publication'],
    [{ ofOthers: ['public.a'] }, 'does not own public.a'],
    [
      { withoutKey: ['public.a', 'sales."B"'] },
      'no primary key, so a changed row could not be found again, and the app there would get errors: public.a, sales."B"',
    ],
    [{ hasLargeObjects: true }, 'large objects'],
    [{ hidden: ['public.a'] }, 'policies'],
    [{ freeSlots: 1 }, 'room for one slot and ten senders'],
    [{ freeSenders: -1 }, 'no senders'],
    [{ tables: 0 }, 'no tables'],
  ])('may not with %j', (old, why) => {
    expect(whys(old)).toEqual([expect.stringContaining(why)])
  })

  it('may not before PostgreSQL 10', () => {
    expect(['9.6.24', undefined, '10.1', '17.6'].map((version) => refuseVersion(version).length)).toEqual([1, 1, 0, 0])
  })

  it('has the tables named that stay empty', () => {
    expect(findObstacles({ ...fit, unlogged: ['public.cache'] }, 'x').remarks).toContainEqual(
      expect.stringContaining('public.cache'),
    )
  })
})
