import type { Event, Progress } from '../events/event.ts'

/** One way to look at the events. */
export interface View {
  show(event: Event<Progress>): void
  /** Says what is still to be said, and leaves the terminal as it was. */
  end(): void
}

/** What a view needs of a stream. */
export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}
