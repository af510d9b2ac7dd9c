import type { Blueprint } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import type { Finding } from './finding.ts'
import { findInServer } from './find-in-server.ts'
import { findInStack } from './find-in-stack.ts'
import { type Answer, type Answers, isObservation } from '../observation/observation.ts'
import type { Stack } from '../stack/stack.ts'
import type { Refusal } from './refusal.ts'
import { reportServer } from './report-server.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * The refusals of a plan, which `check` reports, too: nothing is changed anywhere until they are gone. Removing things
 * from servers is never refused.
 */
export function findRefusals(
  stack: Stack,
  blueprints: readonly Blueprint[],
  answers: Answers,
  components: readonly Component[],
): readonly Refusal[] {
  if (blueprints.every(({ parts }) => parts.length === 0)) return []
  const reports = blueprints
    .map(({ server: { name }, keyFingerprint }) =>
      reportServer(name, answers.get(name) ?? { unreachable: 'was not asked' }, {
        ...(keyFingerprint && { keyFingerprint }),
      }),
    )
    .filter((report) => report.reachable)
  const findings = stack.servers.flatMap((server) => {
    const report = reports.find((one) => one.server === server.name)
    return report === undefined ? [] : findInServer(report, server, { stack, components })
  })
  return [
    ...stack.servers.flatMap(({ name }) => refusalOf(name, answers.get(name))),
    ...[...findings, ...findInStack(stack, reports)]
      .filter(({ level }) => level === 'problem')
      .map((finding) => asRefusal(finding, stack)),
  ]
}

/** A server that refuses the login does not count as unreachable. */
function refusalOf(server: string, answer: Answer | undefined): readonly Refusal[] {
  if (answer === undefined || isObservation(answer) || answer.refused === undefined) return []
  const { what, next } = answer.refused
  return [{ server, what, why: answer.unreachable, next }]
}

const asRefusal = ({ server, what, why, next }: Finding, stack: Stack): Refusal => ({
  server: server ?? stack.name,
  what,
  ...(why !== undefined && { why }),
  next: next ?? `run ${trimaran('check')}`,
})
