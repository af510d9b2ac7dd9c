import type { HistoryEntry } from '../engine/read-history.ts'
import type { LogLine } from '../engine/read-log-line.ts'
import type { Explained } from '../explain/explained.ts'
import type { Lab } from '../lab/index.ts'
import type { PlanInJson } from '../plan/json-of-plan.ts'
import type { Finding } from '../preflight/finding.ts'
import type { IsolationReport } from '../status/isolation/isolation.ts'
import type { StatusReport } from '../status/summarise.ts'
import type { FinishedShown, FollowingShown } from './show-following.ts'
import type { ImportedShown, ImportInJson } from './show-import.ts'

/**
 * What verbs print under `--json`, beside the events, by the `type` of the line. Each line has one; times are in ISO's form, in
 * UTC; fields are added, never lost. `docs/reference/json.md` has an example of each.
 */
export interface JsonLines {
  status: StatusReport
  findings: { readonly findings: readonly Finding[] }
  plan: PlanInJson
  explanation: Explained
  diagram: { readonly file: string }
  init: {
    readonly file: string
    readonly detected: object
    readonly companions: readonly string[]
    readonly ignored: boolean
  }
  released: { readonly changed: boolean; readonly release: string; readonly unreachable: readonly string[] }
  releases: { readonly stack: string; readonly releases: readonly object[] }
  drained: {
    readonly server: string
    readonly milliseconds: number
    readonly isAlive: boolean
    readonly left: number
    readonly cut: number
    readonly callers: readonly string[]
    readonly notes: readonly string[]
  }
  undrained: { readonly server: string; readonly milliseconds: number; readonly isAlive: boolean }
  rolling: { readonly verb: string; readonly servers: readonly string[]; readonly drainedBefore: readonly string[] }
  rolled: { readonly verb: string; readonly servers: readonly string[]; readonly milliseconds: number }
  scaled: {
    readonly tier: string
    readonly before: number
    readonly servers: readonly string[]
    readonly where?: string
    readonly unreachable: readonly string[]
  }
  replaced: { readonly server: string; readonly milliseconds: number; readonly wasAlive: boolean }
  switchover: {
    readonly from: string
    readonly to: string
    readonly pauseMilliseconds?: number
    readonly writes: number
    readonly paused: readonly object[]
  }
  import: ImportInJson
  imported: ImportedShown & { readonly changed: boolean; readonly milliseconds: number }
  following: FollowingShown
  followed: FinishedShown & { readonly changed: boolean }
  abandoned: { readonly changed: boolean; readonly database: string; readonly source: string }
  isolation: IsolationReport
  history: HistoryEntry
  log: Omit<LogLine, 'at'> & { readonly at: string }
  output: { readonly server: string; readonly code: number; readonly stdout: string; readonly stderr: string }
  lab: Lab
  labs: { readonly labs: readonly Lab[] }
  'lab-removed': { readonly lab: string; readonly removed: boolean }
  power: { readonly server: string; readonly power: 'on' | 'off' }
  done: { readonly changed: boolean }
}

export type JsonType = keyof JsonLines
