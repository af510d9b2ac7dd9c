import { z } from 'zod'
import { sh } from '../shell/sh.ts'
import type { Command } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'
import * as said from './said.ts'
import { commandsFolder } from './state-folder.ts'

/** Releases are pruned long before that. */
const rememberedVersions = 100

const fileOf = (name: string): string => `${commandsFolder}/${name.replaceAll(/[^\w.-]/g, '-')}`

/**
 * Commands that are run once for each version. The server remembers each version once the command has succeeded, not only the
 * last one: after a release that was rolled back, the command of the one before is not run again.
 */
export const commandKind: ResourceKind<Command, { readonly versions: readonly string[] }> = {
  kind: 'command',
  phase: 'place',
  isOfRelease: true,
  isForTier: true,
  plural: 'commands',
  // It is the user's own program, such as a migration of a large table.
  deadlineSeconds: 6 * 3600,
  describe: ({ action, name }) => `${action} the ${name}`,
  describeFailure: ({ name }) => `the ${name} failed`,
  name: (resource) => resource.name,
  ask: (resources) => sh`
    for command in ${resources.map(({ name }) => name)}; do
      file=${commandsFolder}/$(printf %s "$command" | tr -c 'A-Za-z0-9_.-' '-')
      [ -f "$file" ] || continue
      while read -r version || [ -n "$version" ]; do printf '%s\t%s\n' "$command" "$version"; done <"$file"
    done
  `,
  read: (answer) =>
    new Map(
      [
        ...Map.groupBy(
          rowsOf(answer).flatMap(([name = '', version]) => (version === undefined ? [] : [{ name, version }])),
          ({ name }) => name,
        ),
      ].map(([name, rows]) => [name, { versions: rows.map(({ version }) => version) }]),
    ),
  fact: z.strictObject({ versions: z.array(said.release).max(1000) }),
  close: (desired, facts) =>
    desired
      .filter(({ name, version }) => facts.get(name)?.versions.includes(version) !== true)
      .map(({ name, version, words, run }) => ({
        kind: 'command',
        name,
        action: 'run',
        reason: `\`${words}\`, once for ${version}`,
        disturbs: 'nothing',
        serves: true,
        apply: sh`
          ${run}
          mkdir -p ${commandsFolder}
          touch ${fileOf(name)}
          { sed -e '$a\' ${fileOf(name)}; printf '%s\n' ${version}; } | tail -n ${rememberedVersions} >${fileOf(name)}.new
          mv -f ${fileOf(name)}.new ${fileOf(name)}
        `,
      })),
}
