import type { Component } from '../components/component.ts'
import type { Stack } from '../stack/stack.ts'
import { findInServer } from './find-in-server.ts'
import { findInStack } from './find-in-stack.ts'
import type { Finding, ServerReport } from './finding.ts'

/**
 * All findings of `check`, worst first and otherwise in the order of the servers. What is well is a finding too, so
 * that `--json` shows what was checked. `container` is the kind of container that these servers are by nature, where
 * they are; `project` is what was found on the operator's side.
 */
export function checkFindings(
  stack: Stack,
  components: readonly Component[],
  reports: readonly ServerReport[],
  { container, project = [] }: { readonly container?: string; readonly project?: readonly Finding[] } = {},
): readonly Finding[] {
  const context = { stack, components, ...(container !== undefined && { container }) }
  const reached = reports.filter((report) => report.reachable)
  const findings = [
    ...project,
    ...stack.servers.flatMap((server) => {
      const report = reports.find((one) => one.server === server.name)
      if (report?.reachable) return [...reachedFinding(server.name), ...findInServer(report, server, context)]
      return unreachedFinding(server.name, report?.why ?? 'it was not asked')
    }),
    ...findInStack(stack, reached),
  ]
  return levels.flatMap((level) => findings.filter((finding) => finding.level === level))
}

const levels = ['problem', 'warning', 'ok'] as const

const reachedFinding = (server: string): readonly Finding[] => [
  { level: 'ok', server, what: 'answers over SSH, with root rights' },
]

const unreachedFinding = (server: string, why: string): readonly Finding[] => [
  {
    level: 'problem',
    server,
    what: 'unreachable',
    why,
    next: '`ssh` there must work without a question, as root or with sudo without a password',
  },
]
