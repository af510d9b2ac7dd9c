import type { Blueprint } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import { findInServer } from '../explain/findings/find-in-server.ts'
import type { Observation } from '../observation/observation.ts'
import type { Stack } from '../stack/stack.ts'
import type { Refusal } from './plan.ts'
import { reportServer } from './report-server.ts'

/** What stands in the way on one server, as `check` would say it too: nothing is changed anywhere until it is gone. */
export function findRefusals(
  stack: Stack,
  { server, parts }: Blueprint,
  observation: Observation,
  components: readonly Component[],
): readonly Refusal[] {
  const report = reportServer(server.name, observation)
  if (parts.length === 0 || !report.reachable) return []
  return findInServer(report, server, stack, components)
    .filter(({ level }) => level === 'problem')
    .map(({ what, why, next }) => ({
      server: server.name,
      what,
      ...(why !== undefined && { why }),
      next: next ?? 'run `trimaran check`',
    }))
}
