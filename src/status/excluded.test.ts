import { expect, it } from 'vitest'
import type { Answers } from '../observation/observation.ts'
import { excludedNow } from './excluded.ts'

const seeing = (...servers: readonly (readonly [name: string, state: string])[]) => {
  const backends = [{ name: 'app', servers: servers.map(([name, state]) => ({ name, state })) }]
  return { health: new Map([['haproxy', { state: 'well', reports: { routing: { backends, requestsPerSecond: 0 } } }]]) }
}

it('names those that a neighbour excludes, and none that are only down or drained', () => {
  const answers = new Map<string, unknown>([
    ['web-1', seeing(['app-1', 'UP'], ['app-2', 'MAINT'], ['app-3', 'DOWN'])],
    ['web-2', seeing(['app-2', 'MAINT'], ['app-4', 'DRAIN'])],
    ['lb-1', { unreachable: 'no answer' }],
    ['db-1', { health: new Map() }],
  ]) as Answers
  expect(excludedNow(answers)).toEqual(['app-2'])
})
