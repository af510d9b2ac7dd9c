import { expect, it } from 'vitest'
import { majorOf, nodeMajors, nodeReleaseBefore, nodeReleaseFor, nodeReleases } from './node-releases.ts'

it('lists exact versions, the newest of each major version first', () => {
  const numbers = nodeReleases.map(({ version }) => version.split('.').map(Number))
  expect(numbers.every((parts) => parts.length === 3)).toBe(true)
  const sorted = numbers.toSorted((a, b) => b[0]! - a[0]! || b[1]! - a[1]! || b[2]! - a[2]!)
  expect(numbers).toEqual(sorted)
})

it('has a hash of its own for each program', () => {
  const hashes = nodeReleases.flatMap(({ sha256 }) => Object.values(sha256))
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(new Set(hashes).size).toBe(hashes.length)
})

it('takes a major version for its newest, and an exact one for itself', () => {
  for (const major of nodeMajors) {
    const newest = nodeReleases.find(({ version }) => majorOf(version) === major)
    expect(nodeReleaseFor(major)).toBe(newest)
  }
  for (const release of nodeReleases) expect(nodeReleaseFor(release.version)).toBe(release)
  expect(nodeReleaseFor('24.0')).toBeUndefined()
  expect(nodeReleaseFor('2')).toBeUndefined()
})

it('leads back within a major version only', () => {
  for (const release of nodeReleases) {
    const before = nodeReleaseBefore(release)
    expect(before === undefined || majorOf(before.version) === majorOf(release.version)).toBe(true)
  }
  expect(nodeReleaseBefore(nodeReleaseFor('24.22.3')!)?.version).toBe('24.22.1')
})
