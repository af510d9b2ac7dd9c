import { expect, it } from 'vitest'
import type { Target } from './ask-target.ts'
import { readLiveSource } from './live-source.ts'
import { propose } from './propose.ts'
import type { SeenDump } from './seen-dump.ts'
import { serverSource } from './server-source.ts'

it('tells of the source without its password', () => {
  const live = readLiveSource('postgresql://ana:secret-of-ana@db.example.com/shop', {})
  const seen: SeenDump = { versions: {}, encoding: 'UTF8', collation: null, extensions: [], tables: 1 }
  const target: Target = {
    version: '17.6',
    encoding: 'UTF8',
    collation: 'C.UTF-8',
    tables: 0,
    isFollowing: false,
    isOf: '',
    extensions: [],
    freeBytes: 1,
    packages: [],
  }
  const needed = { bytes: 1, isExact: true }
  const compared = { seen, target, database: 'app', presence: 'must be empty', needed } as const
  const sources = [false, true].map((isFromHere) => serverSource(live, isFromHere))
  expect(sources.map(({ password }) => password)).toContain('secret-of-ana')
  for (const source of sources) expect(JSON.stringify(propose(source, 'db-1', compared))).not.toContain('secret-of-ana')
})
