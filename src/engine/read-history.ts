import { auditPath } from '../resources/state-folder.ts'
import { sh } from '../shell/sh.ts'

/** One command as the servers' audit trails remember it. */
export interface Deed {
  /** ISO time at which the first server was done with it. */
  readonly at: string
  readonly operator: string
  readonly command: string
  /** What it was about: a release. Empty where nothing was noted. */
  readonly about: string
  readonly servers: readonly string[]
  readonly steps: number
  readonly ok: boolean
}

/** Asks a server for the last lines of its audit trail. */
export const askTrail = (lines: number) => sh`tail -n ${lines} ${auditPath} 2>/dev/null || true`

interface Entry {
  readonly at: string
  readonly operator: string
  readonly command: string
  readonly run?: string
  readonly about?: string
  readonly steps: number
  readonly ok: boolean
}

/** Merges the trails of all servers: one deed for each command, the newest last. */
export function readHistory(trails: ReadonlyMap<string, string>): readonly Deed[] {
  const entries = [...trails].flatMap(([server, text]) =>
    text.split('\n').flatMap((line) => readEntry(line).map((entry) => ({ ...entry, server }))),
  )
  // Entries of older versions have no run: those of one operator and command within a minute belong together.
  const keyOf = ({ run, operator, command, at }: Entry): string => run ?? `${operator} ${command} ${at.slice(0, 16)}`
  return [...Map.groupBy(entries, keyOf).values()]
    .map((deed) => {
      const sorted = deed.toSorted((a, b) => a.at.localeCompare(b.at))
      const { at, operator, command, about = '' } = sorted[0]!
      return {
        at,
        operator,
        command,
        about,
        servers: [...new Set(deed.map(({ server }) => server))].toSorted(),
        steps: deed.reduce((sum, { steps }) => sum + steps, 0),
        ok: deed.every(({ ok }) => ok),
      }
    })
    .toSorted((a, b) => a.at.localeCompare(b.at))
}

function readEntry(line: string): readonly Entry[] {
  try {
    const entry = JSON.parse(line) as Partial<Entry>
    return typeof entry.at === 'string' ? [entry as Entry] : []
  } catch {
    return []
  }
}
