import type { Readable } from 'node:stream'
import type { Connection } from '../../transport/transport.ts'
import type { Need } from './find-differences.ts'
import type { ProgramWish } from './import-program.ts'
import type { SeenDump } from './seen-dump.ts'

/** Where the content of an import comes from: a file, or a server elsewhere. */
export interface ImportSource {
  /** For people; holds no password. */
  readonly shown: string
  /** How it is stored or read: `SQL, compressed by gzip`. */
  readonly form: string
  /** Of the file; what a server will send is not known before. */
  readonly bytes?: number
  readonly wish: ProgramWish
  /** Of the other server, where the primary logs in there. */
  readonly password?: string
  /** @throws TRI-IMPORT-001 where it is no dump, or does not answer */
  readonly look: (primary: Connection) => Promise<SeenDump>
  /** What the primary reads, in frames. */
  readonly open: (onRead: (bytes: number) => void) => Readable
  readonly needOf: (seen: SeenDump) => Need
}
