import { z } from 'zod'
import { kindNames } from './kinds.ts'

/** One thing that Trimaran placed on a server. */
export type Placed = Readonly<z.infer<typeof placedSchema>>

/** All that Trimaran placed on a server: in the order of its lines, each once. Empty on one that it never touched. */
export type Manifest = readonly Placed[]

/** What a server may say that was placed there. Whether it may have been placed so is told by `own-resources.ts`. */
export const placedSchema = z.strictObject({
  /** Which component wanted it. */
  component: z.string().regex(/^[a-z][a-z-]{0,30}$/),
  kind: z.enum(kindNames),
  /** As its kind names it: a path, a unit. */
  name: z.string().regex(/^\S+$/),
})

/** Reads a line `component kind name`; `undefined` where it is none. */
export function parsePlaced(line: string): Placed | undefined {
  const [component, kind, name, ...rest] = line.split(' ')
  return rest.length > 0 ? undefined : placedSchema.safeParse({ component, kind, name }).data
}

/** The line of the manifest that `parsePlaced` reads. */
export const writePlaced = ({ component, kind, name }: Placed): string => `${component} ${kind} ${name}`

/** What it is on its server, whichever component wanted it: `file /etc/hosts`. */
export const thingOf = ({ kind, name }: Pick<Placed, 'kind' | 'name'>): string => `${kind} ${name}`

/** All that any of them lists: nothing that is still to be taken away is forgotten. */
export function joinManifests(...manifests: readonly Manifest[]): Manifest {
  const byLine = new Map(manifests.flat().map((one) => [writePlaced(one), one]))
  return [...byLine.keys()].toSorted().map((line) => byLine.get(line)!)
}

export const isSameManifest = (one: Manifest, other: Manifest): boolean =>
  one.length === other.length && one.every((placed, position) => writePlaced(placed) === writePlaced(other[position]!))

/** The file that was placed at a path, if there is one. */
export const fileAt = (manifest: Manifest, path: string): Placed | undefined =>
  manifest.find(({ kind, name }) => kind === 'file' && name === path)
