import { z } from 'zod'
import { sh, type Shell } from '../shell/sh.ts'
import type { Trigger } from './resource-kind.ts'
import * as said from './said.ts'
import { activatedFolder } from './state-folder.ts'

/** Fingerprint by path of what a unit was last started or reloaded with. */
export type Activated = ReadonlyMap<string, string>

/** The entry for the unit's probe among the files of which it was notified. */
export const probeRow = 'probe'

export const activatedSchema: z.ZodType<Activated> = z.map(z.union([said.path, z.literal(probeRow)]), said.fingerprint)

/** Asks what each unit was last told; an answer for `readActivated`. */
export const askActivated = (units: readonly string[]): Shell => sh`
  for unit in ${units}; do
    printf 'unit %s\n' "$unit"
    cat ${activatedFolder}/"$unit" 2>/dev/null
  done
`

export function readActivated(text: string): ReadonlyMap<string, Activated> {
  const blocks = text.split(/^unit /m).filter((block) => block.trim() !== '')
  return new Map(
    blocks.map((block) => {
      const [name, ...rows] = block.trim().split('\n')
      return [name!.trim(), new Map(rows.map((row) => row.split(' ', 2).toReversed() as [string, string]))]
    }),
  )
}

/** Files of which a unit was not notified: changed ones, and ones that it once read and that are no longer declared. */
export function untoldOf(activated: Activated, triggers: readonly Trigger[]): readonly Trigger[] {
  const declared = new Set(triggers.map(({ path }) => path))
  const changed = triggers.filter(({ path, fingerprint, changing }) => changing || activated.get(path) !== fingerprint)
  const gone = [...activated.keys()].filter((path) => path !== probeRow && !declared.has(path))
  return [...changed, ...gone.map((path): Trigger => ({ path, fingerprint: '', onChange: 'restart', changing: true }))]
}

/** What was put right once, and stands as it did before, is nothing to be remembered. */
const isLasting = ({ fingerprint }: Pick<Trigger, 'fingerprint'>): boolean => fingerprint !== ''

/** Records of which files a unit was notified, once it serves with them. */
export function remember(unit: string, told: readonly Pick<Trigger, 'path' | 'fingerprint'>[]): Shell {
  const rows = told
    .filter(isLasting)
    .map(({ path, fingerprint }) => `${fingerprint} ${path}\n`)
    .join('')
  const path = `${activatedFolder}/${unit}`
  return sh`
    mkdir -p ${activatedFolder}
    printf '%s' ${rows} >${path}.new
    mv -f ${path}.new ${path}
  `
}
