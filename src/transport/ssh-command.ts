import type { Target } from './transport.ts'

/** Limits of the SSH transport: seconds and counts. */
export const limits = {
  /** How long a server may take to accept a connection. */
  connectSeconds: 5,
  /** How long opening a connection may take in total, with keys and jump hosts. */
  openSeconds: 20,
  /** A master that does not answer on its socket within this time hangs. */
  checkSeconds: 1,
  /** On a connection that was already open, the server says hello within this time, or a new connection is opened. */
  helloSeconds: 2,
  /** The same on a new connection. It proves that the server is alive, so a slow hello is allowed. */
  firstHelloSeconds: 15,
  /** Unused connections stay open for the next command. */
  keepSeconds: 60,
  /** sshd allows ten channels on one connection by default (MaxSessions). */
  channelsPerHost: 6,
  /** Beyond ten, sshd refuses connections at random (MaxStartups); fewer also spare a laptop's CPU. */
  newMasters: 8,
  /** The maximum size of each output of a script, in letters; real answers are far smaller. */
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

/** Opens a connection of its own, whatever masters there are, and closes it. */
export const anotherArguments = (target: Target): string[] => [
  '-S',
  'none',
  ...options({ ControlMaster: 'no', ConnectTimeout: limits.connectSeconds }),
  ...commonArguments(target),
  target.destination,
  'true',
]

/** Runs a command over a master. Without a master it fails at once; by default, ssh would silently open a new connection. */
export const channelArguments = (target: Target, socket: string, command: string): string[] => [
  '-S',
  socket,
  ...options({ ControlMaster: 'no', ProxyCommand: 'false' }),
  ...commonArguments(target),
  target.destination,
  command,
]

/** Runs a command in the user's terminal. With a pipe on either side, no terminal is requested, and bytes pass unchanged. */
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

/** No terminal, no questions, no agent, and no forwardings or commands of the user's config. */
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
