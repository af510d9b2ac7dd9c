import type { Pages } from '../config/schema.ts'
import type { ServerFacts } from '../stack/host-facts.ts'
import type { StackState } from '../stack/stack-state.ts'
import type { Server, Stack } from '../stack/stack.ts'

/** A server and its stack, as components see them. */
export interface ServerContext {
  readonly stack: Stack
  readonly server: Server
  readonly facts: ServerFacts
  /** A password derived from the stack key: the same name gives the same 32 characters of [A-Za-z0-9]. */
  readonly secret: (name: string) => string
  /** The values of `app.secrets`, by name. */
  readonly appSecrets: Readonly<Record<string, string>>
  /** The user's own pages for what the app cannot answer, as HTML. */
  readonly pages: Pages
  /** The state that operators set beside the file: the release to run, drained servers, maintenance. */
  readonly stackState: StackState
}
