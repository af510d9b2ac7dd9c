import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createMemoryTransport, type MemoryTransport } from '../memory-transport.ts'

/** Folders of a server that Trimaran itself uses. */
const ownFolders = /\/(?=(?:var\/lib|var\/log|run)\/trimaran\b)/g

/** The script of a server, with Trimaran's own folders below a root of the test. */
export const belowRoot = (script: string, root: string): string => script.replaceAll(ownFolders, `${root}/`)

/**
 * A transport to servers that all are this computer: scripts run in a real bash, with Trimaran's own folders below a root of
 * the test. For what a script does; that one arrives is for `transport.case.ts` to prove.
 */
export function createBashTransport(root: string): MemoryTransport {
  return createMemoryTransport(async (script, { say, signal, input }) => {
    const words = input === undefined ? ['-s'] : ['-c', belowRoot(script, root)]
    const bash = spawn('bash', words, { stdio: ['pipe', 'pipe', 'pipe'] })
    const end = (): void => void bash.kill('SIGKILL')
    signal.addEventListener('abort', end)
    const lines = createInterface({ input: bash.stdout }).on('line', say)
    let stderr = ''
    bash.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    bash.stdin.on('error', () => {})
    if (input === undefined) bash.stdin.end(belowRoot(script, root))
    else input.on('error', () => bash.kill('SIGKILL')).pipe(bash.stdin)
    const [[code]] = (await Promise.all([once(bash, 'close'), once(lines, 'close')])) as [[number | null], unknown]
    signal.removeEventListener('abort', end)
    return { code: code ?? 137, stderr }
  })
}
