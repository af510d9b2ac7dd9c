import type { Blueprint } from '../blueprint/blueprint.ts'
import { kindOf } from '../resources/kinds.ts'
import { sh, type Shell } from '../shell/sh.ts'

/** Folders of unit files that are not Debian's, from systemd.unit(5). They take precedence over Debian's. */
const folders = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/etc/systemd/system.attached',
  '/run/systemd/system',
  '/run/systemd/system.attached',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
]

/**
 * Asks which files, besides Debian's, affect the units of a blueprint: unit files, and drop-ins for the unit, its template, all
 * units whose name begins like its name, and all units of its type. No program is started for it.
 */
export function askUnitFiles(blueprint: Blueprint): Shell {
  const names = [...new Set(unitsOf(blueprint).flatMap(namesOf))]
  if (names.length === 0) return sh``
  return sh`
    shopt -s nullglob
    for folder in ${folders}; do
      for name in ${names}; do
        for file in "$folder/$name".d/*.conf; do printf '%s\n' "$file"; done
        [ ! -f "$folder/$name" ] || printf '%s\n' "$folder/$name"
      done
    done
  `
}

/** How many such files are read from one server. */
const most = 200

/** Reads the answer. A name with special characters is left out, since an operator may have to type it. */
export const readUnitFiles = (answer: string): readonly string[] =>
  answer
    .split('\n')
    .filter((line) => folders.some((folder) => line.startsWith(`${folder}/`)) && /^[\w@.:\\/-]{1,250}$/.test(line))
    .slice(0, most)

/** The units that Trimaran runs. */
const unitsOf = ({ parts }: Blueprint): readonly string[] =>
  parts.flatMap(({ resources }) => resources).flatMap((one) => kindOf(one.kind).unitsOf?.(one) ?? [])

/** The names under which systemd looks for a unit's files: `a-b@1.service`, `a-b@.service`, `a-.service`, `service`. */
export function namesOf(unit: string): readonly string[] {
  const dot = unit.lastIndexOf('.')
  const [name, type] = [unit.slice(0, dot), unit.slice(dot + 1)]
  const template = name.includes('@') ? [`${name.slice(0, name.indexOf('@') + 1)}.${type}`] : []
  const words = name.replace(/@.*/, '').split('-')
  const prefixes = words.slice(1).map((_, position) => `${words.slice(0, position + 1).join('-')}-.${type}`)
  return [unit, ...template, ...prefixes, type]
}
