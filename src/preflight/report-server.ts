import { factsOf } from '../resources/kinds.ts'
import { thingOf } from '../resources/manifest.ts'
import { namesOfChanged } from '../resources/tree.ts'
import type { ReachedServer, ServerReport } from './finding.ts'
import type { Answer, Observation } from '../observation/observation.ts'
import { isObservation } from '../observation/observation.ts'

/** What the operator's computer knows; what is not given is not checked. */
export interface OperatorSide {
  /** The operator's clock, before and after the servers were asked. */
  readonly during?: { readonly fromSeconds: number; readonly toSeconds: number }
  /** Of the stack key that is here. */
  readonly keyFingerprint?: string
}

/** What `check` and the refusals of a plan look at. */
export function reportServer(
  server: string,
  answer: Answer,
  { during, keyFingerprint }: OperatorSide = {},
): ServerReport {
  if (!isObservation(answer)) return { server, reachable: false, why: answer.unreachable }
  const { host, stack, manifest, refusedStackState, doubts } = answer
  const placedKey = answer.keyFingerprint
  const hasOtherKey = placedKey !== undefined && keyFingerprint !== undefined && placedKey !== keyFingerprint
  return {
    ...host,
    server,
    reachable: true,
    placed: [...new Set(manifest.map(({ component }) => component))],
    ...(during && { clockOffsetSeconds: offsetOf(host.clockSeconds, during) }),
    ...(stack !== undefined && { stack }),
    ...(doubts !== undefined && { doubts }),
    ...(refusedStackState !== undefined && { refusedStackState }),
    ...(hasOtherKey && { hasOtherKey }),
    foreignUnitFiles: foreignUnitFiles(answer),
    changedTrees: changedTrees(answer),
  }
}

/** On a server where nothing was placed yet, no file counts as foreign. */
export function foreignUnitFiles({ manifest, unitFiles = [] }: Observation): readonly string[] {
  if (manifest.length === 0) return []
  const placed = new Set(manifest.map(thingOf))
  return unitFiles.filter((path) => !placed.has(`file ${path}`))
}

/** Folders that were unpacked from an archive, and what was changed in them by hand since. */
function changedTrees(observation: Observation): NonNullable<ReachedServer['changedTrees']> {
  return [...factsOf(observation, 'tree')].flatMap(([path, fact]) =>
    fact.is === 'changed' ? [{ path, names: namesOfChanged(fact) }] : [],
  )
}

/** How far a clock is from the period in which it was read; 0 within that period. */
function offsetOf(clockSeconds: number, { fromSeconds, toSeconds }: NonNullable<OperatorSide['during']>): number {
  if (clockSeconds < fromSeconds) return clockSeconds - fromSeconds
  return Math.max(0, clockSeconds - toSeconds)
}
