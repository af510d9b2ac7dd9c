import spawn, { SubprocessError } from 'nano-spawn'
import type { ProgressReader } from './build-progress.ts'
import type { OnLabEvent } from './events.ts'
import type { HostApt } from './host-apt.ts'

export interface Build {
  readonly onEvent: OnLabEvent
  readonly signal?: AbortSignal | undefined
}

/** Why one of Debian's tools failed. */
export interface ToolFailure {
  /** `apt-get ended with 100` */
  readonly ended: string
  /** Its last lines, errors above all. */
  readonly why: string
  readonly next: string
}

interface Tool {
  readonly program: string
  readonly words: readonly string[]
  /** What it is called where it fails. */
  readonly name: string
  readonly read: ProgressReader
  readonly explain: (failure: ToolFailure) => Error
}

/**
 * Runs one long step. It has its own mounts and processes, and ends with this process: nothing that it mounted or
 * started is left.
 * @throws what `explain` makes of its failure; the reason of the signal
 */
export async function runTool(
  { program, words, name, read, explain }: Tool,
  apt: HostApt,
  { onEvent, signal }: Build,
): Promise<void> {
  signal?.throwIfAborted()
  const alone = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', program, ...words]
  const env = { ...apt.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8', TMPDIR: '/tmp' }
  const tool = spawn('setpriv', alone, { stdin: 'ignore', env, ...(signal === undefined ? {} : { signal }) })
  const said: string[] = []
  try {
    for await (const line of tool) {
      said.push(line)
      const event = read(line)
      if (event !== undefined) onEvent(event)
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw explain(failureOf(name, said, error))
  }
}

function failureOf(name: string, said: readonly string[], error: unknown): ToolFailure {
  const code = error instanceof SubprocessError ? (error.exitCode ?? error.signalName) : String(error)
  const words = said.filter((line) => /^(E|W|Err)\b|error|fail/i.test(line)).slice(-6)
  const unknown = [
    ...new Set(
      said.flatMap(
        (line) =>
          /Unable to locate package (\S+)|Package '([^']+)' has no installation/.exec(line)?.slice(1).find(Boolean) ??
          [],
      ),
    ),
  ]
  return {
    ended: `${name} ended with ${code}`,
    why: (words.length > 0 ? words : said.slice(-6)).join('\n'),
    next:
      unknown.length === 0
        ? 'check that this computer reaches its Debian mirror (`apt-get update`), then run the same command again'
        : `Debian 13 has no package ${unknown.join(', ')}: correct \`packages\` in the config (\`apt-cache search\` finds names)`,
  }
}
