import type { Component } from '../../components/component.ts'
import { parseConfig } from '../../config/parse-config.ts'
import type { StackInput } from '../../config/schema.ts'
import { createStack } from '../../stack/create-stack.ts'
import type { Stack } from '../../stack/stack.ts'

type Counts = Readonly<Record<'balancer' | 'web' | 'app' | 'database', StackInput['web']['servers']>>

/** A stack of so many servers, as a lab has them: `labStack(components, { balancer: 2, web: 1, app: 1, database: 1 })`. */
export function labStack(components: readonly Component[], counts: Counts): Stack {
  return createStack(parseConfig(inputOf(counts)), { kind: 'lab', subnet: '198.18.0.0' }, (stack) =>
    components.flatMap((component) => component.links(stack)),
  )
}

/** A stack on named servers; `told` holds the private addresses that they told, by name. */
export function siteStack(
  components: readonly Component[],
  counts: Counts,
  virtualAddress?: string,
  told: Readonly<Record<string, string>> = {},
): Stack {
  const input = inputOf(counts)
  const balancer = { ...input.balancer, ...(virtualAddress !== undefined && { virtualAddress }) }
  return createStack(
    parseConfig({ ...input, balancer }),
    { kind: 'production', addresses: new Map(Object.entries(told)) },
    (stack) => components.flatMap((component) => component.links(stack)),
  )
}

const inputOf = ({ balancer, web, app, database }: Counts): StackInput => ({
  name: 'guestbook',
  balancer: { servers: balancer },
  web: { servers: web, root: 'public' },
  app: { servers: app, source: '.', build: 'npm ci', start: 'node server.js', health: '/up', runtime: { node: '24' } },
  database: { servers: database },
})

export const five: Counts = { balancer: 2, web: 1, app: 1, database: 1 }
export const nine: Counts = { balancer: 2, web: 2, app: 2, database: 3 }
export const forty: Counts = { balancer: 2, web: 12, app: 21, database: 5 }
