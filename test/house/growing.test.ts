import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Blueprint, createBlueprint } from '../../src/blueprint/blueprint.ts'
import { components } from '../../src/components/index.ts'
import { contextFor } from '../../src/components/testing/stacks.ts'
import { stackOf } from '../../src/operations/session/stack-of.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { identityOf } from '../../src/resources/kinds.ts'
import type { Stack, TierName } from '../../src/stack/stack.ts'

/** Laws that hold for every stack, whatever its components render. */

const tiers = ['balancer', 'web', 'app', 'database'] as const
const neighbours: Readonly<Record<(typeof tiers)[number], readonly TierName[]>> = {
  balancer: ['balancer', 'web'],
  // App servers tell web servers alone whether a slot may be used.
  web: ['balancer', 'web', 'app'],
  app: ['web', 'app', 'database'],
  database: ['app', 'database'],
}

const sizes = fc.record({
  balancer: fc.integer({ min: 2, max: 4 }),
  web: fc.integer({ min: 1, max: 4 }),
  app: fc.integer({ min: 1, max: 4 }),
  database: fc.constantFrom(1, 3),
})

function stackWith(counts: Readonly<Record<(typeof tiers)[number], number>>): Stack {
  const input = {
    name: 'guestbook',
    balancer: { servers: counts.balancer },
    web: { servers: counts.web },
    app: { servers: counts.app, start: 'node server.js', health: '/up', runtime: { node: '24' } },
    database: { servers: counts.database },
  }
  return stackOf(parseConfig(input), { kind: 'lab', subnet: '198.18.0.0' })
}

const blueprintOf = (stack: Stack, name: string): Blueprint => createBlueprint(components, contextFor(stack, name))

/** Resources that differ between two blueprints of the same server. */
function differences(before: Blueprint, after: Blueprint): readonly string[] {
  const texts = ({ parts }: Blueprint) =>
    new Map(parts.flatMap(({ resources }) => resources).map((resource) => [identityOf(resource), resource]))
  const [old, now] = [texts(before), texts(after)]
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (key) => JSON.stringify(old.get(key)) !== JSON.stringify(now.get(key)),
  )
}

describe('growing a tier', () => {
  it.each(tiers.slice(0, 3))('of kind %s changes no server but its neighbours, and those without a restart', (tier) => {
    fc.assert(
      fc.property(sizes, (counts) => {
        const before = stackWith(counts)
        const after = stackWith({ ...counts, [tier]: counts[tier] + 1 })
        for (const server of before.servers) {
          const [was, is] = [blueprintOf(before, server.name), blueprintOf(after, server.name)]
          const changed = differences(was, is)
          if (changed.length === 0) continue
          expect(neighbours[tier], `${server.name}: ${changed.join(', ')}`).toContain(server.tier)
          const restarting = is.parts
            .flatMap(({ resources }) => resources)
            .filter((resource) => changed.includes(identityOf(resource)))
            .filter((resource) => 'onChange' in resource && resource.onChange === 'restart')
          expect(restarting.map(identityOf), server.name).toEqual([])
        }
      }),
      { numRuns: 12 },
    )
  })
})

describe('a blueprint', () => {
  it('asks for the same things whatever the server reports of itself, so that one question is enough', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 400, max: 256_000 }),
        (counts, cores, megabytes) => {
          const stack = stackWith(counts)
          for (const { name } of stack.servers) {
            const small = createBlueprint(components, contextFor(stack, name))
            const facts = { cores, memoryBytes: megabytes * 1024 ** 2, networkInterface: 'enp1s0' }
            const other = createBlueprint(components, contextFor(stack, name, facts))
            const names = (blueprint: Blueprint) =>
              blueprint.parts.flatMap(({ resources }) => resources.map(identityOf))
            expect(names(other)).toEqual(names(small))
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  it('never holds a secret in a file that others may read', () => {
    const stack = stackWith({ balancer: 2, web: 2, app: 2, database: 3 })
    const open = stack.servers.flatMap(({ name }) =>
      blueprintOf(stack, name)
        .parts.flatMap(({ resources }) => resources)
        .filter((resource) => resource.kind === 'file' && /secret-of-/.test(resource.content))
        .filter(
          (resource) => resource.kind === 'file' && (resource.secret !== true || !/[0-7]{3}0$/.test(resource.mode)),
        )
        .map((resource) => `${name} ${identityOf(resource)}`),
    )
    expect(open).toEqual([])
  })
})
