import { Buffer } from 'node:buffer'
import type { Status } from '../transport/ask-address.ts'
import { createMemoryTransport, type MemoryTransport } from '../transport/memory-transport.ts'

/** Servers in memory, by their SSH destination. */
export interface ImaginedServers extends MemoryTransport {
  /** Sets the answer of a server to one section of the question, such as `stackState` or `health:haproxy`. */
  readonly say: (destination: string, question: string, words: string) => void
  /**
   * Lets changes of a component fail there, as if its daemon did not start; without a component, they succeed again.
   */
  readonly failAt: (destination: string, component?: string, words?: string) => void
  /** Answers visitors of the site with this status from now on, or with none, for this reason; with 200 unless told. */
  readonly answerVisitors: (status: Status) => void
}

/**
 * Fresh Debian 13 servers in memory that accept every change, to try a dashboard, a CI job or a test without real ones.
 * They remember only the names of what was placed: asked again, they say that its content differs. `addresses` are
 * those of the balancers, needed where a virtual address moves between them: `{ 'lb-1': '10.0.0.11/24' }`.
 *
 * @example
 * ```ts
 * const session = await openSession({ folder: '.', transport: imagineServers() })
 * ```
 */
export function imagineServers(addresses: Readonly<Record<string, string>> = {}): ImaginedServers {
  const said = new Map<string, string>()
  let visitors: Status = 200
  const failing = new Map<string, { readonly component: string; readonly words: string }>()
  const transport = createMemoryTransport((script, { server: { name }, say, signal }) => {
    if (script.includes('flock --wait') && script.includes('echo "held')) return holdLock(say, signal)
    if (isQuestion(script)) return { stdout: answerTo(script, (question) => said.get(`${name} ${question}`) ?? '') }
    const manifest = manifestIn(script)
    if (manifest === undefined) return {}
    const isDone = walk(script, say, failing.get(name))
    if (isDone) said.set(`${name} manifest`, manifest)
    return { code: isDone ? 0 : 1 }
  })
  const imagine = (destination: string): void => {
    const key = `${destination} host`
    const address = addresses[destination]
    const own = address === undefined ? '' : `address\teth0\t${address}\n`
    if (!said.has(key)) said.set(key, freshDebian + own)
  }
  return {
    server: (destination) => transport.server(destination),
    connect: async (place) => {
      imagine(place.destination)
      return await transport.connect(place)
    },
    askAddress: () => Promise.resolve(visitors),
    tryPort: () => Promise.resolve('silent'),
    answerVisitors: (status) => {
      visitors = status
    },
    say: (destination, question, words) => void said.set(`${destination} ${question}`, words),
    failAt: (destination, component, words = 'it does not start') => {
      if (component === undefined) failing.delete(destination)
      else failing.set(destination, { component, words })
    },
  }
}

/** The lock is held until its connection ends. */
function holdLock(say: (line: string) => void, signal: AbortSignal): Promise<Record<string, never>> {
  say('held imagined')
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve({}), { once: true }))
}

const section = /\| send (\S+)$/gm

const isQuestion = (script: string): boolean => /^send\(\)/m.test(script)

/** The answer to each section of the question, in order, each after its mark. */
function answerTo(script: string, say: (question: string) => string): string {
  const mark = /printf '%s %s ' (\S+)/.exec(script)?.[1] ?? ''
  return [...script.matchAll(section)]
    .map(([, name = '']) => `${mark} ${name} ${Buffer.from(say(name)).toString('base64')}\n`)
    .join('')
}

/** The manifest after a script; `undefined` where the script changes nothing. */
function manifestIn(script: string): string | undefined {
  const last = [...script.matchAll(/base64 -d <<<'?([A-Za-z0-9+/=]*)'?/g)].at(-1)
  return last === undefined ? undefined : Buffer.from(last[1]!, 'base64').toString()
}

/** Prints a line for each step, as a server does. @returns false where one fails. */
function walk(
  script: string,
  say: (line: string) => void,
  failing?: { readonly component: string; readonly words: string },
): boolean {
  for (const [, component, first, last] of script.matchAll(/^change (\S+) (\d+) (\d+)$/gm)) {
    for (let step = Number(first); step <= Number(last); step += 1) {
      say(`\u001estart ${step}`)
      if (failing !== undefined && component === failing.component) {
        say(`\u001efailed ${step} ${Buffer.from(failing.words).toString('base64')}`)
        say(`\u001erolled-back ${component} yes`)
        return false
      }
      say(`\u001edone ${step}`)
    }
  }
  return true
}

const freshDebian = [
  'os\tdebian\t13\tDebian GNU/Linux 13 (trixie)',
  'architecture\tamd64',
  'container\tnone',
  'cores\t2',
  'clock\t1796048495.421192091',
  'memory\t4000000',
  'disk\t40000000',
  'port\t0.0.0.0:22\tsshd\tssh.service',
  '',
].join('\n')
