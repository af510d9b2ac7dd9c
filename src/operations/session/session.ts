import type { Config, Pages } from '../../config/schema.ts'
import type { Where } from '../../engine/known-servers.ts'
import type { Secrets } from '../../engine/stack-key.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import type { Connection, Target } from '../../transport/transport.ts'

/** What the user wrote, and where. */
export interface Project {
  readonly config: Config
  readonly file: string
  readonly folder: string
  /** `.trimaran` beside the config: key, known servers, releases, event logs. Ignored by git. */
  readonly stateFolder: string
}

/** Everything that an operation needs to know before it starts: what was declared, what it means, how to reach it. */
export interface Session extends Project {
  readonly lab: boolean
  readonly stack: Stack
  /** Servers that were set up once and that the file no longer has. */
  readonly removed: readonly Server[]
  /** Machines that were set up once, and whose places in the file other machines have now. */
  readonly replaced: readonly Server[]
  readonly secrets: Secrets
  /** The values of `app.secrets`, read once. @throws TRI-CONFIG-007 */
  readonly readAppSecrets: () => Promise<Readonly<Record<string, string>>>
  /** Why some of them are not known, and so not masked in what servers say; absent where all are. */
  readonly unmasked?: string
  /** The user's own pages, read once. @throws TRI-CONFIG-006 or TRI-CONFIG-008 */
  readonly readPages: () => Promise<Pages>
  /** Keeps a stack key that was just made; before anything that derives from it is placed. */
  readonly keepKey: () => Promise<void>
  readonly connect: (server: Server) => Promise<Connection>
  /** How SSH reaches a server, for what needs a terminal there. */
  readonly placeOf: (server: Server) => Target
}

/** Lab and production are different servers with the same names. */
export const whereOf = ({ lab }: Pick<Session, 'lab'>): Where => (lab ? 'lab' : 'production')
