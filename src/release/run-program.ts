import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** Runs a program and returns what it printed. Throws when it does not exist or does not end with 0. */
export async function outputOf(program: string, words: readonly string[], cwd: string): Promise<string> {
  return (await promisify(execFile)(program, words, { cwd, maxBuffer: 256 * 1024 ** 2 })).stdout
}

export interface StreamOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** The program's standard input. */
  readonly input?: string | Uint8Array
  /** Called with each line of its output and of its errors. */
  readonly onLine?: (line: string) => void
  /** Ends the program and its child processes. */
  readonly signal?: AbortSignal
  /** How long they may take to end by themselves; ten seconds unless stated. */
  readonly graceMilliseconds?: number
}

export interface Ending {
  /** 0 when all went well; 127 when the program does not exist. */
  readonly code: number
  /** The last lines that it printed, at most twenty. */
  readonly lastLines: readonly string[]
}

const linesKept = 20
const usualGrace = 10_000

/** Runs a program until it ends, with any exit code. Throws only the reason of the signal. */
export async function runProgram(
  program: string,
  words: readonly string[],
  options: StreamOptions = {},
): Promise<Ending> {
  const { cwd, env, input = '', onLine, signal, graceMilliseconds = usualGrace } = options
  signal?.throwIfAborted()
  const child = spawn(program, words, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  let killer: NodeJS.Timeout | undefined
  const stop = (): void => {
    endGroup(child, 'SIGTERM')
    killer = setTimeout(() => endGroup(child, 'SIGKILL'), graceMilliseconds)
  }
  signal?.addEventListener('abort', stop, { once: true })
  const lastLines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      lastLines.push(line)
      if (lastLines.length > linesKept) lastLines.shift()
      onLine?.(line)
    })
  }
  child.stdin.on('error', () => undefined).end(input)
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? 1, lastLines }
  } catch (error) {
    return { code: 127, lastLines: [error instanceof Error ? error.message : String(error)] }
  } finally {
    signal?.removeEventListener('abort', stop)
    clearTimeout(killer)
    // The program itself ended, and with it perhaps not all that it started.
    if (killer !== undefined) endGroup(child, 'SIGKILL')
    signal?.throwIfAborted()
  }
}

/** The program has its own process group, so that its child processes end with it. */
function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // It has ended already.
  }
}
