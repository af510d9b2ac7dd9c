import type { File } from '../../resources/resource.ts'
import type { Server } from '../../stack/stack.ts'
import { placedByTrimaran } from '../placed.ts'
import { rootFile } from '../root-file.ts'
import type { Setting } from './kernel-settings.ts'

/** All kernel settings, for the next boot; what runs now is set by resources of their own. */
export function kernelFile(settings: readonly Setting[]): File {
  const rows = settings.map(({ name, value, why }) => `# ${why}\n${name} = ${value}\n`)
  return rootFile('/etc/sysctl.d/60-trimaran.conf', `${placedByTrimaran}\n\n${rows.join('\n')}`)
}

/**
 * How chrony starts. Debian starts it only where it may set the clock. A container has the clock of its host, and must
 * not set it even where it could: there chrony measures only (`-x`).
 */
export function clockFile(): File {
  return rootFile(
    '/etc/systemd/system/chrony.service.d/60-trimaran.conf',
    `${placedByTrimaran}

[Unit]
# Without Debian's condition: where chrony may not set the clock, it still measures it (see -x below).
ConditionCapability=

[Service]
# A container has its host's clock: only measure it there (-x); set it everywhere else.
ExecStart=
ExecStart=!/bin/sh -c 'if systemd-detect-virt --quiet --container; then only=-x; fi; exec /usr/sbin/chronyd $$DAEMON_OPTS $$only'
Restart=always
RestartSec=5
`,
    { onChange: 'restart' },
  )
}

/** The hour at which a server takes its daily upgrades, where they are on: never the same as its neighbours'. */
export function upgradeHourFile({ index }: Server): File {
  const hour = String((index + 1) % 24).padStart(2, '0')
  return rootFile(
    '/etc/systemd/system/apt-daily-upgrade.timer.d/60-trimaran.conf',
    `${placedByTrimaran}

[Timer]
# Automatic upgrades may restart daemons. Each server of a tier has a different hour, so that its neighbours are up then.
OnCalendar=
OnCalendar=*-*-* ${hour}:00
RandomizedDelaySec=30m
`,
  )
}
