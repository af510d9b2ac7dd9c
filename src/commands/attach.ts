import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { terminalArguments } from '../transport/ssh-command.ts'
import type { Target } from '../transport/transport.ts'
import type { Output } from '../ui/output.ts'
import { exitCodes } from './flags.ts'

/** Whether somebody sits at this one's input and output. */
export const hasTerminal = (): boolean => process.stdin.isTTY && process.stdout.isTTY

/** How a program on a server is connected to this one's input and output. */
export interface Attachment {
  readonly target: Target
  /** What SSH is asked to run there. */
  readonly line: string
  /** True for a session: the program there gets this terminal. */
  readonly isTerminal: boolean
  /**
   * `always`: the program's bytes are passed on as they are. `in pipes`: on a terminal its words are made visible, and secrets masked.
   * `never`: secrets are masked in a pipe, too, and all other bytes stay.
   */
  readonly isRaw: 'always' | 'in pipes' | 'never'
  /** Called once when the user or a CI job interrupts; SSH has ended by then, and the program there may not have. */
  readonly stop?: () => Promise<void>
}

export interface Attached {
  /** Of the program; 255 also where the connection failed or broke. */
  readonly code: number
  /** True where secrets were masked in what it printed. */
  readonly isMasked: boolean
}

/**
 * Runs a program on a server with this one's standard input, output and error, byte for byte, as long as it takes. Where
 * standard input is a terminal and no session is wanted, the program gets none: it could not end it.
 */
export async function attach({ target, line, isTerminal, isRaw, stop }: Attachment, output: Output): Promise<Attached> {
  output.settle()
  const input = process.stdin.isTTY && !isTerminal ? 'ignore' : 'inherit'
  const isUnchanged = isTerminal || isRaw === 'always' || (isRaw === 'in pipes' && !process.stdout.isTTY)
  const outputs = isUnchanged ? 'inherit' : 'pipe'
  let interrupted: NodeJS.Signals | undefined
  const interrupt = (signal: NodeJS.Signals): void => {
    interrupted ??= signal
    child.kill(signal)
  }
  const child = spawn('ssh', terminalArguments(target, line, isTerminal), { stdio: [input, outputs, outputs] })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? exitCodes.failed))
  })
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  try {
    const [code, ...masked] = await Promise.all([
      ended,
      ...(child.stdout === null ? [] : [output.relayStream('stdout', child.stdout)]),
      ...(child.stderr === null ? [] : [output.relayStream('stderr', child.stderr)]),
    ])
    if (interrupted === undefined) return { code, isMasked: masked.includes(true) }
    await stop?.()
    return { code: 128 + constants.signals[interrupted], isMasked: masked.includes(true) }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}
