import type { Step } from '../resources/resource.ts'

type StepName = Pick<Step, 'kind' | 'name' | 'action' | 'reason'> & { readonly component: string }

/** What happens while servers are changed. Every display is a view of these; `at` is an ISO time. */
export type Event = { readonly at: string } & (
  | {
      readonly type: 'stage'
      readonly name: string
      readonly detail?: string
      readonly done?: number
      readonly total?: number
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
)

/** Anything that can be told: the caller adds the time. */
export type EventBody = Event extends infer One ? (One extends Event ? Omit<One, 'at'> : never) : never
export type Tell = (event: EventBody) => void
