import type { Readable } from 'node:stream'
import type { AskAddress } from './ask-address.ts'
import type { TryPort } from './try-port.ts'

/** Where a server is: an SSH destination; lab servers have their own SSH config file. */
export interface Target {
  /** Name used in messages: `web-1`. */
  readonly name: string
  /** Host, `user@host`, or alias. */
  readonly destination: string
  /** An SSH config file instead of the user's own. */
  readonly sshConfig?: string
}

export interface RunResult {
  /** Exit code of the script; 255 never appears: a lost connection is thrown as a failure. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Called with each line of standard output as it arrives. */
  readonly onLine?: (line: string) => void
  readonly signal?: AbortSignal
  /** Ends the wait, and the script's connection, after so many seconds; 120 unless stated, never where it is Infinity. */
  readonly deadlineSeconds?: number
  /** Ends it as well where neither a line nor 4096 letters of one arrived for so many seconds; only the deadline does, unless stated. */
  readonly silenceSeconds?: number
  /** Each output may have so many letters, or it is refused; sixteen million unless stated. */
  readonly mostLetters?: number
  /** True where the outputs are not kept: `onLine` is told of them, up to 128 kB of a line. */
  readonly forget?: boolean
}

/** An open way to one server. All of it happens as root. */
export interface Connection {
  /** Runs a POSIX shell script (bash), given on standard input and read whole before its first line runs. */
  run(script: string, options?: RunOptions): Promise<RunResult>
  /** The same for a script that reads this on its standard input. It ends where the connection is lost, for then its input does. */
  feed(script: string, input: () => Readable, options?: RunOptions): Promise<RunResult>
  /** Places a local file on the server, atomically; the folder must exist. */
  upload(
    localPath: string,
    remotePath: string,
    options?: { readonly mode?: string; readonly signal?: AbortSignal },
  ): Promise<void>
  /** Streams the output of a long running script until it ends or the signal is given (logs). */
  follow(script: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>
  /**
   * Opens another connection of its own and closes it: the one that is open says nothing of whether the server lets this computer in.
   * @returns why it could not be opened, or nothing.
   */
  another(): Promise<string | undefined>
  close(): Promise<void>
}

/** Opens connections. Failures are TRI-SSH-… and name the server. */
export interface Transport {
  connect(target: Target): Promise<Connection>
  /** How this computer asks the address of a site; over HTTP unless stated. */
  readonly askAddress?: AskAddress
  /** How this computer tries a port. */
  readonly tryPort?: TryPort
}
