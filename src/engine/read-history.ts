import { z } from 'zod'
import { auditPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'
import { parseJson } from '../observation/parse-json.ts'

/** One command in the servers' audit trails. */
export interface HistoryEntry {
  /** ISO time at which the first server was done with it. */
  readonly at: string
  readonly operator: string
  readonly command: string
  /** What it was about: a release, or the words of a command. Empty where nothing was noted. */
  readonly about: string
  readonly servers: readonly string[]
  readonly steps: number
  readonly ok: boolean
}

export interface History {
  /** The newest last. */
  readonly commands: readonly HistoryEntry[]
  /** Servers whose trail has damaged lines. */
  readonly damaged: readonly string[]
}

/** Asks a server for the last lines of its audit trail. */
export const askTrail = (lines: number) => sh`tail -n ${lines} ${auditPath} 2>/dev/null || true`

const longestLine = 8192

/** The valid form of an entry: a server can write anything into its own trail. */
const schema = z.object({
  at: z.iso.datetime(),
  operator: z.string().max(256),
  command: z.string().max(64),
  run: z.string().max(64).optional(),
  about: z.string().max(1024).default(''),
  steps: z.int().min(0).max(1_000_000),
  ok: z.boolean(),
})

type Entry = z.output<typeof schema>

/** Merges the trails of all servers: one entry for each command. */
export function readHistory(trails: ReadonlyMap<string, string>): History {
  const read = [...trails].flatMap(([server, text]) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ server, entry: readEntry(line) })),
  )
  const entries = read.flatMap(({ server, entry }) => (entry === undefined ? [] : [{ ...entry, server }]))
  // Not by the run alone: a server must not be able to change entries of others. Entries of older versions have no run:
  // those of one operator and command within a minute belong together.
  const keyOf = ({ run, operator, command, about, at }: Entry): string =>
    JSON.stringify([run ?? at.slice(0, 16), operator, command, about])
  const commands = [...Map.groupBy(entries, keyOf).values()].map((group) => {
    const { operator, command, about } = group[0]!
    return {
      at: group.map(({ at }) => at).toSorted()[0]!,
      operator,
      command,
      about,
      servers: [...new Set(group.map(({ server }) => server))].toSorted(),
      steps: group.reduce((sum, { steps }) => sum + steps, 0),
      ok: group.every(({ ok }) => ok),
    }
  })
  const damaged = read.flatMap(({ server, entry }) => (entry === undefined ? [server] : []))
  return { commands: commands.toSorted((a, b) => a.at.localeCompare(b.at)), damaged: [...new Set(damaged)] }
}

function readEntry(line: string): Entry | undefined {
  if (line.length > longestLine) return undefined
  return schema.safeParse(parseJson(line)).data
}
