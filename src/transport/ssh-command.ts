import type { Target } from './transport.ts'

/** Bounds of the SSH transport, in seconds and in numbers. */
export const limits = {
  /** How long a server may take to accept a connection. */
  connectSeconds: 5,
  /** How long the whole opening may take, with keys and jump hosts. */
  openSeconds: 20,
  /** A master that does not answer its own socket within this hangs. */
  checkSeconds: 1,
  /** A server behind a connection that was already open says hello within this, or it is tried afresh. */
  helloSeconds: 2,
  /** The same on a connection that was just made, which proves that the server lives and may only be slow. */
  firstHelloSeconds: 15,
  /** Unused connections stay open for the next command. */
  keepSeconds: 60,
  /** sshd allows ten on one connection (MaxSessions) unless told otherwise. */
  channelsPerHost: 6,
  /** sshd starts to refuse connections at random beyond ten (MaxStartups), and a laptop's CPU is finite. */
  newMasters: 8,
  /** What one script may print on each of its outputs, in letters: no honest answer comes near it. */
  mostLetters: 16_000_000,
} as const

/** Asks what SSH makes of a target, without connecting. */
export const describeArguments = (target: Target): string[] => ['-G', ...commonArguments(target), target.destination]

/** Asks whether a master answers on a socket. */
export const checkArguments = (target: Target, socket: string): string[] => [
  '-O',
  'check',
  '-S',
  socket,
  ...commonArguments(target),
  target.destination,
]

/** Opens a master that goes to the background once the server has accepted the key. */
export const masterArguments = (target: Target, socket: string): string[] => [
  '-M',
  '-N',
  '-f',
  '-S',
  socket,
  ...options({
    ControlPersist: limits.keepSeconds,
    ConnectTimeout: limits.connectSeconds,
    ServerAliveInterval: 5,
    ServerAliveCountMax: 3,
  }),
  ...commonArguments(target),
  target.destination,
]

/** Runs a command over a master. Without one it fails at once, where ssh alone would quietly connect anew. */
export const channelArguments = (target: Target, socket: string, command: string): string[] => [
  '-S',
  socket,
  ...options({ ControlMaster: 'no', ProxyCommand: 'false' }),
  ...commonArguments(target),
  target.destination,
  command,
]

/** Runs a command in the user's own terminal; with a pipe on either side, none is asked for and bytes pass unchanged. */
export const terminalArguments = (target: Target, command: string, isTerminal: boolean): string[] => [
  ...(target.sshConfig === undefined ? [] : ['-F', target.sshConfig]),
  isTerminal ? '-t' : '-T',
  ...options({ LogLevel: 'ERROR', ConnectTimeout: limits.connectSeconds }),
  target.destination,
  command,
]

/** The command that a user would type to reach the target. */
export const sshAsTyped = (target: Target): string =>
  ['ssh', ...(target.sshConfig === undefined ? [] : ['-F', target.sshConfig]), target.destination].join(' ')

/** No terminal, no questions, no agent, none of the forwardings or commands that the user's config may ask for. */
const commonArguments = (target: Target): string[] => [
  ...(target.sshConfig === undefined ? [] : ['-F', target.sshConfig]),
  '-T',
  '-a',
  '-x',
  ...options({
    BatchMode: 'yes',
    LogLevel: 'ERROR',
    ClearAllForwardings: 'yes',
    PermitLocalCommand: 'no',
    RemoteCommand: 'none',
  }),
]

const options = (wanted: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(wanted).flatMap(([name, value]) => ['-o', `${name}=${value}`])
