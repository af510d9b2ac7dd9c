import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { components } from '../components/index.ts'
import { busyServers, contextFor, fiveServers, nineServers } from '../components/testing/stacks.ts'
import type { Resource } from '../resources/resource.ts'
import { fullStackState } from '../stack/stack-state.ts'
import { createBlueprint } from './blueprint.ts'
import { looseGround } from './firm-ground.ts'

const stacks = { fiveServers, nineServers, busyServers }
const owned = { owner: 'root', group: 'root', mode: '0755' } as const
const file = (path: string): Resource => ({ kind: 'file', path, content: '', ...owned })
const why = (resource: Resource, ...others: readonly Resource[]) => looseGround(resource, [resource, ...others])

describe('what is placed', () => {
  it.each(Object.entries(stacks))('stands in folders of root’s alone, on every server of %s', (_, create) => {
    const stack = create(components)
    for (const { name } of stack.servers) {
      const context = { ...contextFor(stack, name), stackState: fullStackState(name) }
      const placed = createBlueprint(components, context).parts.flatMap(({ resources }) => resources)
      for (const resource of placed) {
        expect(looseGround(resource, placed)).toBeUndefined()
        // Nor may a service change what root places: only read it.
        if ('owner' in resource) expect(resource.owner, JSON.stringify(resource).slice(0, 200)).toBe('root')
        if ('mode' in resource) expect(Number.parseInt(resource.mode, 8) & 0o022).toBe(0)
      }
    }
  })

  it('never stands below a folder that a service owns, or that others may write to', () => {
    const above = fc.record({
      owner: fc.constantFrom('root', 'postgres', 'app'),
      mode: fc.constantFrom('0755', '0775', '0757', '0700', '1777', '0750'),
    })
    fc.assert(
      fc.property(above, fc.constantFrom('/srv/a/b', '/srv/a/b/c/d'), ({ owner, mode }, path) => {
        const folder: Resource = { kind: 'directory', path: '/srv/a', group: 'root', owner, mode }
        const isSafe = owner === 'root' && ['0755', '0700', '0750'].includes(mode)
        expect(why(file(path), folder) === undefined).toBe(isSafe)
      }),
    )
  })

  it('never stands behind a link, or in a tree', () => {
    expect(why(file('/srv/a/b'), { kind: 'symlink', path: '/srv/a', target: '/etc' })).toContain('symlink /srv/a')
    expect(why(file('/srv/a/b'), { kind: 'tree', path: '/srv/a', payload: '', owner: 'root' })).toContain('tree /srv/a')
  })

  it.each([
    '/var/lib/postgresql/17',
    '/etc/postgresql/17/x',
    '/var/cache/app/x',
    '/tmp/x',
    '/etc/../tmp/x',
    '/etc//x',
    'etc/x',
    '/etc/x/',
    '/etc',
  ])('never stands at %s', (path) => {
    expect(why(file(path))).toBeDefined()
  })
})
