import { readFile } from 'node:fs/promises'
import { databasesOf, type Tier } from './tier.ts'

/** What one server said of itself at one moment, by the clock that all lab servers share. */
export interface Sample {
  readonly at: number
  readonly server: string
  /** `primary on 3`, `replica`, `down`. */
  readonly role?: string
  /** The timeline on which a write, made on that very server, was acknowledged. */
  readonly wrote?: number
}

export interface Roles {
  /** Writes that a server acknowledged after another one had already done so on a later timeline: must be none. */
  readonly twoWriters: readonly string[]
  /** For how long two servers thought that they were primary; one of them confirming nothing. */
  readonly twoRolesMilliseconds: number
  readonly samples: number
}

const folder = '/tmp/roles'

/** Samples every database server, throughout. A server that was off is sampled again once `resume` was called. */
export async function watchRoles(tier: Tier): Promise<{ resume: () => Promise<void>; stop: () => Promise<Roles> }> {
  const program = await readFile(new URL('sampler.py', import.meta.url), 'base64')
  const start = (server: string): Promise<unknown> =>
    tier.on(
      server,
      `mkdir -p ${folder}; chmod 777 ${folder}; cd ${folder}; [ -e pid ] && kill -0 "$(cat pid)" 2>/dev/null && exit
      base64 -d >sampler.py <<<'${program}'
      setsid runuser -u postgres -- python3 sampler.py ${folder} >log 2>&1 </dev/null & echo $! >pid`,
    )
  const databases = databasesOf(tier)
  await Promise.all(databases.map((server) => tier.on(server, `rm -rf ${folder}`)))
  await Promise.all(databases.map(start))
  return {
    resume: async () => void (await Promise.all(databases.map(start))),
    stop: async () => {
      const read = async (server: string): Promise<readonly Sample[]> => {
        const { stdout } = await tier.on(server, `touch ${folder}/stop; cat ${folder}/samples`)
        return stdout
          .split('\n')
          .flatMap((line) => (line.endsWith('}') ? [{ server, ...(JSON.parse(line) as Omit<Sample, 'server'>) }] : []))
      }
      return checkRoles((await Promise.all(databases.map(read))).flat())
    },
  }
}

/** A sample is written down after what it tells of; so much later at most, unless its server was frozen. */
const toleranceMilliseconds = 250

export function checkRoles(all: readonly Sample[]): Roles {
  const samples = all.toSorted((a, b) => a.at - b.at)
  const firstOn = new Map<number, Sample>()
  const twoWriters: string[] = []
  for (const sample of samples) {
    const { wrote, server, at } = sample
    if (wrote === undefined) continue
    const first = firstOn.get(wrote)
    if (first === undefined) firstOn.set(wrote, sample)
    else if (first.server !== server) twoWriters.push(`${first.server} and ${server} both wrote on timeline ${wrote}`)
    const newer = [...firstOn].find(
      ([timeline, { at: since }]) => timeline > wrote && at > since + toleranceMilliseconds,
    )
    if (newer)
      twoWriters.push(`${server} wrote on ${wrote}, ${at - newer[1].at} ms after ${newer[1].server} did on ${newer[0]}`)
  }
  return { twoWriters: [...new Set(twoWriters)], twoRolesMilliseconds: overlap(samples), samples: samples.length }
}

/** Samples of a role stand for the tenth of a second before them. */
function overlap(samples: readonly Sample[]): number {
  const slots = new Map<number, Set<string>>()
  for (const { at, role, server } of samples) {
    if (role?.startsWith('primary') !== true) continue
    const slot = Math.floor(at / 100)
    slots.set(slot, (slots.get(slot) ?? new Set()).add(server))
  }
  return [...slots.values()].filter((servers) => servers.size > 1).length * 100
}
