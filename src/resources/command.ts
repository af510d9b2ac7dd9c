import { sh } from '../shell/sh.ts'
import type { Command, ResourceKind } from './resource.ts'
import { commandsFolder } from './state-folder.ts'

const fileOf = (name: string): string => `${commandsFolder}/${name.replaceAll(/[^\w.-]/g, '-')}`

/** Commands that are run once for each version. The server remembers the version once the command has succeeded. */
export const commandKind: ResourceKind<Command, { readonly version: string }> = {
  kind: 'command',
  name: (resource) => resource.name,
  ask: (resources) => sh`
    for command in ${resources.map(({ name }) => name)}; do
      file=${commandsFolder}/$(printf %s "$command" | tr -c 'A-Za-z0-9_.-' '-')
      [ -f "$file" ] && printf '%s\t%s\n' "$command" "$(cat "$file")"
    done
    true
  `,
  read: (answer) =>
    new Map(
      answer
        .split('\n')
        .map((line) => line.split('\t'))
        .flatMap(([name, version]) => (version === undefined ? [] : [[name!, { version }] as const])),
    ),
  close: (desired, facts) =>
    desired
      .filter(({ name, version }) => facts.get(name)?.version !== version)
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
          printf '%s' ${version} >${fileOf(name)}.new
          mv -f ${fileOf(name)}.new ${fileOf(name)}
        `,
      })),
}
