import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindNames } from './kinds.ts'
import { isSameManifest, joinManifests, type Manifest, parsePlaced, type Placed, writePlaced } from './manifest.ts'

const placed: fc.Arbitrary<Placed> = fc.record({
  component: fc.stringMatching(/^[a-z][a-z-]{0,30}$/),
  kind: fc.constantFrom(...kindNames),
  name: fc.stringMatching(/^\S{1,40}$/),
})
const manifest: fc.Arbitrary<Manifest> = fc.array(placed, { maxLength: 8 }).map((list) => joinManifests(list))

describe('a manifest', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(placed, (one) => {
        expect(parsePlaced(writePlaced(one))).toEqual(one)
      }),
    )
  })

  it('has lines in order, each once, however it was joined', () => {
    fc.assert(
      fc.property(manifest, manifest, (one, other) => {
        const lines = joinManifests(one, other).map(writePlaced)
        expect(lines).toEqual([...new Set([...one, ...other].map(writePlaced))].toSorted())
        expect(isSameManifest(joinManifests(one, other), joinManifests(other, one))).toBe(true)
        expect(isSameManifest(joinManifests(one, one), one)).toBe(true)
      }),
    )
  })

  it('is the same as another one that lists the same, and as no other', () => {
    fc.assert(
      fc.property(manifest, placed, (one, more) => {
        const isListed = one.some((entry) => writePlaced(entry) === writePlaced(more))
        expect(isSameManifest(one, joinManifests(one, [more]))).toBe(isListed)
      }),
    )
  })

  it.each([
    '',
    'app',
    'app file',
    'App file /etc/x',
    'app pipe /etc/x',
    'app file /etc/a b',
    '-app file /x',
    'app  file',
  ])('has no line %j', (line) => expect(parsePlaced(line)).toBeUndefined())
})
