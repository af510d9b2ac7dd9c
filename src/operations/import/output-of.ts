import { spawn } from 'node:child_process'
import { PassThrough, type Readable } from 'node:stream'

interface Options {
  readonly env?: NodeJS.ProcessEnv
  /** For its standard input. */
  readonly input?: string
}

/**
 * What another program writes. Its content ends only where the program ended well; otherwise it breaks off with an error, in the
 * program's words. A reader that leaves ends the program.
 */
export function outputOf(program: string, words: readonly string[], { env, input = '' }: Options = {}): Readable {
  // Ctrl-C is for Trimaran, which ends it in its own time.
  const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: 'pipe', detached: true })
  const content = new PassThrough()
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said = `${said}${piece.toString()}`.slice(-2000)))
  child.stdin.on('error', () => {}).end(input)
  child.on('error', (error) => content.destroy(error))
  child.stdout.pipe(content, { end: false })
  child.on('close', (code) =>
    code === 0 ? content.end() : content.destroy(new Error(said.trim() || `${program} ended with ${code}`)),
  )
  content.on('close', () => child.kill())
  return content
}
