import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

export interface Running {
  readonly ended: Promise<Ran>
  /** Resolves once the output has this text. Throws when the program ends without it. */
  readonly said: (text: string) => Promise<void>
  /**
   * Ends it in the middle of its work: with `kill -9`, or as told.
   * @throws Error when it had ended by itself, since a test of that would then test nothing
   */
  readonly kill: (signal?: NodeJS.Signals) => Promise<Ran>
}

/** Runs a program to its end with its output kept; a program that was killed has the code 128. */
export function runProgram(
  program: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  const startedAt = performance.now()
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { ...process.env, NO_COLOR: '1', ...options.env },
  })
  let stdout = ''
  let stderr = ''
  const text = (): string => `${stdout}${stderr}`
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code: code ?? 128, stdout, stderr, milliseconds: performance.now() - startedAt }),
    )
  })
  const said = async (wanted: string): Promise<void> => {
    while (!text().includes(wanted)) {
      if (child.exitCode !== null) throw new Error(`${words.join(' ')} never said “${wanted}”:\n${text()}`)
      await sleep(20)
    }
  }
  const kill = (signal: NodeJS.Signals = 'SIGKILL'): Promise<Ran> => {
    if (!child.kill(signal)) throw new Error(`${words.join(' ')} had ended before it was killed:\n${text()}`)
    return ended
  }
  return { ended, said, kill }
}
