import type { RenderContext } from '../component.ts'
import { placedByTrimaran } from '../placed.ts'
import { confinement, memoryLimit, pathOf } from './render-unit.ts'
import { appSlice, reachUnit } from './reach.ts'
import { onceProgram } from './slots.ts'

/** Runs a command as the app would run it: in the folder of a release, as its user, with its environment and its limits. */
export function renderOnceProgram(context: RenderContext): string {
  const settings = [
    `Wants=${reachUnit}`,
    `After=${reachUnit}`,
    `Slice=${appSlice}`,
    'User=app',
    'Group=app',
    'EnvironmentFile=/etc/trimaran/app.env',
    'SyslogIdentifier=app',
    `MemoryMax=${memoryLimit(context)}`,
    ...confinement,
  ]
  return `#!/bin/bash
${placedByTrimaran}
# ${onceProgram.slice(onceProgram.lastIndexOf('/') + 1)} RELEASE COMMAND: runs COMMAND once as the app would run it, and ends as it ends. RELEASE may be \`current\`.
release=$1 command=$2
[ "$release" != current ] || release=$(basename "$(readlink /srv/app/current)")
[ -d "/srv/app/releases/$release" ] || { echo "release $release is not on this server" >&2; exit 1; }
exec systemd-run --quiet --collect --wait --pipe --expand-environment=no --description="a command in release $release" \\
${settings.map((setting) => `  --property='${setting}' \\`).join('\n')}
  --property="WorkingDirectory=/srv/app/releases/$release" \\
  --setenv=PATH="${pathOf(context, '/srv/app/releases/$release').join(':')}" --setenv=TRIMARAN_PROCESS=command --setenv=TRIMARAN_RELEASE="$release" \\
  /bin/bash -c "$command"
`
}
