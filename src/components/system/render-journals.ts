import type { File, Resource } from '../../resources/resource.ts'
import type { Server } from '../../stack/stack.ts'
import { journalHardening } from '../hardening.ts'
import { type Journal, journals } from '../journal.ts'
import { placedByTrimaran } from '../placed.ts'
import { rootFile } from '../root-file.ts'

/** The stores of a server's journal: the system's own, and those that `journal.ts` tells of. Each has its own bounds. */
export const journalResources = ({ tier }: Server): readonly Resource[] => [
  storeFile('journald', 'What the system says: of itself, of logins, of units that start and end.', 300),
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
# ${what}

[Journal]
# Kept across reboots: what led to one is the first question after it.
Storage=persistent
# A chatty day never fills the disk that the database needs.
SystemMaxUse=${megabytes}M
SystemKeepFree=1G
# Of one unit, unless it states more: a unit that goes mad costs neither the disk nor the others' lines.
RateLimitIntervalSec=30s
RateLimitBurst=10000
# The visitors' addresses in it are personal data: gone after a month.
MaxRetentionSec=30day
`,
    { onChange: 'restart' },
  )

/** It is there before anybody logs into it, and stays. */
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
