import type { Config, Pages } from '../../config/schema.ts'
import type { Emit } from '../../events/event.ts'
import type { Where } from '../../engine/known-servers.ts'
import type { Secrets } from '../../engine/stack-key.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import type { AskAddress } from '../../transport/ask-address.ts'
import type { TryPort } from '../../transport/try-port.ts'
import type { Connection, Target } from '../../transport/transport.ts'

/** What the user wrote, and where. */
export interface Project {
  readonly config: Config
  readonly file: string
  readonly folder: string
  /** `.trimaran` beside the config: key, known servers, releases, event logs. Ignored by git. */
  readonly stateFolder: string
}

/** Everything that an operation needs before it starts: the config, the stack, and how to reach its servers. */
export interface Session extends Project {
  readonly lab: boolean
  readonly stack: Stack
  /** Servers that were set up once and that the file no longer has. */
  readonly removed: readonly Server[]
  /** Machines that were set up once, and whose places in the file belong to other machines now. */
  readonly replaced: readonly Server[]
  /**
   * Provides what servers are to install, by their names, where they have no way to a mirror: those of a lab.
   * @throws TRI-LAB-002, TRI-LAB-006
   */
  readonly supply?: (
    packages: ReadonlyMap<string, readonly string[]>,
    terms: { readonly emit: Emit; readonly signal?: AbortSignal },
  ) => Promise<void>
  /** Lab servers that are not booted yet, by name: a plan takes them for fresh ones. */
  readonly absent?: ReadonlySet<string>
  readonly secrets: Secrets
  /** The values of `app.secrets`, read once. @throws TRI-CONFIG-007 */
  readonly readAppSecrets: () => Promise<Readonly<Record<string, string>>>
  /** Why some of them are not known, and so not masked in answers of servers; absent where all are known. */
  readonly unmasked?: string
  /** The user's own pages, read once. @throws TRI-CONFIG-006 or TRI-CONFIG-008 */
  readonly readPages: () => Promise<Pages>
  /** Stores a stack key that was just made, before anything derived from it is placed. */
  readonly keepKey: () => Promise<void>
  readonly connect: (server: Server) => Promise<Connection>
  /** Asks the address of the site as a visitor would, from this computer. */
  readonly askAddress: AskAddress
  /** Tries a port of a server as somebody outside would, from this computer. */
  readonly tryPort: TryPort
  /** How SSH reaches a server, for commands that need a terminal there. */
  readonly placeOf: (server: Server) => Target
}

/** Lab and production are different servers with the same names. */
export const whereOf = ({ lab }: Pick<Session, 'lab'>): Where => (lab ? 'lab' : 'production')
