import type { File, Resource } from '../../resources/resource.ts'
import type { Server } from '../../stack/stack.ts'
import { journalHardening } from '../hardening.ts'
import { type Journal, journals } from '../journal.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { rootFile } from '../root-file.ts'

/** The stores of a server's journal: the system's own, and those that `journal.ts` tells of. Each has its own bounds. */
export const journalResources = ({ tier }: Server): readonly Resource[] => [
  storeFile('journald', 'Logs of the system: the kernel, logins, units that start and end.', 300),
  { kind: 'unit', name: 'systemd-journald.service', state: 'running', unnoticed: true, stays: true },
  ...(Object.keys(journals) as Journal[])
    .filter((name) => journals[name].tiers?.includes(tier) ?? true)
    .flatMap((name): readonly Resource[] => [
      storeFile(`journald@${name}`, journals[name].what, 400),
      startFile(name),
      { kind: 'unit', name: `systemd-journald@${name}.service`, state: 'running', unnoticed: true },
    ]),
]

const storeFile = (name: string, what: string, megabytes: number): File =>
  rootFile(
    `/etc/systemd/${name}.conf.d/60-trimaran.conf`,
    `${placedByTrimaran}
${reasonsOn('files-on-servers')}
# ${what}

[Journal]
# Kept across reboots, to find their cause.
Storage=persistent
# The log never fills the disk.
SystemMaxUse=${megabytes}M
SystemKeepFree=1G
# For each unit, unless it sets more: one unit cannot push out the lines of others.
RateLimitIntervalSec=30s
RateLimitBurst=10000
# Visitors' addresses are personal data: deleted after a month.
MaxRetentionSec=30day
`,
    { onChange: 'restart' },
  )

/** It starts before any unit logs to it, and stays. */
const startFile = (name: Journal): File =>
  rootFile(
    `/etc/systemd/system/systemd-journald@${name}.service.d/60-trimaran.conf`,
    `${placedByTrimaran}
[Service]
${journalHardening}

[Install]
WantedBy=multi-user.target
`,
    { onChange: 'restart' },
  )
