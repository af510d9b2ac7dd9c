import spawn, { type Options, SubprocessError } from 'nano-spawn'

/** Runs a program to its end. Returns what it wrote; throws nano-spawn's `SubprocessError` when it fails. */
export async function run(program: string, words: readonly string[], options: Options = {}): Promise<string> {
  return (await spawn(program, words, { stdin: 'ignore', ...options })).stdout
}

/** Whether a program ended with 0. A program that does not exist did not. */
export async function succeeds(program: string, words: readonly string[]): Promise<boolean> {
  return run(program, words).then(
    () => true,
    () => false,
  )
}

/** Runs a program whose failure means that there was nothing to do. */
export async function attempt(program: string, words: readonly string[]): Promise<void> {
  await succeeds(program, words)
}

/** The last lines of what a failed program wrote itself, for the reader of an error. */
export function lastWords(error: unknown, lines = 6): string {
  const text = error instanceof SubprocessError ? error.output || error.message : String(error)
  return text.trim().split('\n').slice(-lines).join('\n')
}
