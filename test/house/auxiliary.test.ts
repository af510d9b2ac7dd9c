import { expect, it } from 'vitest'
import { createBlueprint, manifestOf } from '../../src/blueprint/blueprint.ts'
import { stackOf } from '../../src/operations/session/stack-of.ts'
import { components } from '../../src/components/index.ts'
import { contextFor } from '../../src/components/testing/stacks.ts'
import { parseConfig } from '../../src/config/parse-config.ts'

/** Two database servers need a third etcd member elsewhere: what is auxiliary must be known well enough to leave again. */
it.each(['etcd', 'observer'])(
  '%s is listed with its unit where it is auxiliary, so that it can be ended',
  (component) => {
    const input = {
      name: 'guestbook',
      balancer: { servers: 2 },
      web: { servers: 1 },
      app: { servers: 1, start: 'node server.js', health: '/up', runtime: { node: '24' } },
      database: { servers: 2 },
    }
    const stack = stackOf(parseConfig(input), { kind: 'lab', subnet: '198.18.0.0' })
    const placed = manifestOf(createBlueprint(components, contextFor(stack, 'lb-1')))
    expect(placed.filter((one) => one.component === component && one.kind === 'unit')).toHaveLength(1)
  },
)
