import type { Step } from '../resources/resource.ts'

type StepName = Pick<Step, 'kind' | 'name' | 'action' | 'reason'> & { readonly component: string }

/** Progress events: shown while servers are asked and changed. */
export type Progress =
  | {
      readonly type: 'stage'
      readonly name: string
      readonly detail?: string
      readonly done?: number
      readonly total?: number
      /** What `done` and `total` count, where these are bytes. */
      readonly unit?: 'bytes'
    }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly text: string }
  | { readonly type: 'observed'; readonly server: string; readonly milliseconds: number }
  | { readonly type: 'unreachable'; readonly server: string; readonly why: string }
  | {
      readonly type: 'apply-started'
      readonly servers: readonly string[]
      readonly steps: number
      readonly waves: number
    }
  | {
      readonly type: 'wave-started'
      readonly wave: number
      readonly title: string
      readonly servers: readonly string[]
    }
  | { readonly type: 'step-started'; readonly server: string; readonly step: StepName }
  | { readonly type: 'step-done'; readonly server: string; readonly step: StepName; readonly milliseconds: number }
  | { readonly type: 'step-failed'; readonly server: string; readonly step: StepName; readonly output: string }
  | { readonly type: 'rolled-back'; readonly server: string; readonly component: string; readonly restored: boolean }
  | { readonly type: 'server-done'; readonly server: string; readonly milliseconds: number }
  | { readonly type: 'server-failed'; readonly server: string; readonly why: string }
  | { readonly type: 'apply-done'; readonly ok: boolean; readonly steps: number; readonly milliseconds: number }

/** Result events: they are part of the answer of an operation, and stay on standard output. */
export type Result =
  /** A change has ended; `changed` unless there was nothing to do. */
  | { readonly type: 'done'; readonly changed: boolean }
  /** A rolling operation that was cut off goes on: how many of all its servers are done. */
  | { readonly type: 'resumed'; readonly verb: string; readonly done: number; readonly servers: number }
  /** A server that a rolling operation does without. */
  | { readonly type: 'excluded'; readonly server: string; readonly why: string }
  /** What Debian has for each server, before any is upgraded. */
  | { readonly type: 'offers'; readonly offers: readonly ServerOffer[] }
  /** One part of a server's step in a rolling operation begins: `is drained`. */
  | { readonly type: 'phase-started'; readonly server: string; readonly doing: string }
  /** It has ended, with its result: `drained`, `well again`. */
  | { readonly type: 'phase'; readonly server: string; readonly phase: string; readonly milliseconds: number }

export interface ServerOffer {
  readonly server: string
  /** `haproxy 3.0.11-1 → 3.0.11-1+deb13u1` */
  readonly packages: readonly string[]
  /** Upgrades from before take effect only when it starts again. */
  readonly needsRestart: boolean
}

/** All events. Every display is a view of them. */
export type EventBody = Progress | Result
/** The same with its time, in ISO format. */
export type Event<Body extends EventBody = EventBody> = Body & { readonly at: string }
export type Emit = (event: EventBody) => void
