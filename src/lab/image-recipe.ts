import { createHash } from 'node:crypto'

/** Raised when the build itself changes, so that older images are rebuilt. */
const recipe = 1

/** The release of Debian that lab servers run. */
export const suite = 'trixie'

/** What a plain Debian server has beside the essential packages. */
export const plainServerPackages: readonly string[] = [
  'ca-certificates',
  'dbus',
  'iproute2',
  'iputils-ping',
  'less',
  'logrotate',
  'netbase',
  'openssh-server',
  'procps',
  'sudo',
  'systemd',
  'systemd-sysv',
  'udev',
]

/** Units that make no sense, fail or only cost time on a lab server. */
export const maskedUnits: readonly string[] = [
  'apt-daily-upgrade.timer',
  'apt-daily.timer',
  'console-getty.service',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'man-db.timer',
  'modprobe@.service',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-modules-load.service',
  'systemd-udev-load-credentials.service',
]

/** Files that every image has, by path. */
export const settings: Readonly<Record<string, string>> = {
  // Only the key that the lab makes for the server; only the key that the lab made for the user.
  '/etc/ssh/sshd_config.d/lab.conf': `HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
MaxStartups 100
`,
  '/etc/systemd/journald.conf.d/lab.conf': `[Journal]
Storage=persistent
SystemMaxUse=32M
`,
  '/etc/systemd/system.conf.d/lab.conf': `[Manager]
DefaultTimeoutStopSec=20s
`,
  // The clock is the computer's own. chronyd keeps time without setting it, so that it can be configured and watched.
  '/etc/systemd/system/chrony.service.d/lab.conf': `[Unit]
ConditionCapability=
[Service]
ExecStart=
ExecStart=!/usr/sbin/chronyd -x $DAEMON_OPTS
`,
  // Kernel settings that are not of the network are shared with the computer. The server gets copies of its own, which
  // can be written, read back, and do nothing.
  '/etc/systemd/system/lab-kernel-settings.service': `[Unit]
Description=Kernel settings of a lab server: copies that can be written and do nothing
DefaultDependencies=no
Before=systemd-sysctl.service sysinit.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'for part in vm fs; do cp -r /proc/sys/$part /run/lab-$part 2>/dev/null; mount --bind /run/lab-$part /proc/sys/$part; done'
[Install]
WantedBy=sysinit.target
`,
}

/** Files that must be there before packages are installed, by path. */
export const settingsBeforePackages: Readonly<Record<string, string>> = {
  // Trimaran makes the PostgreSQL cluster, not the package.
  '/etc/postgresql-common/createcluster.conf': 'create_main_cluster = false\n',
}

export interface ImageInputs {
  readonly packages: readonly string[]
  readonly files: Readonly<Record<string, string>>
}

export type ImageKind = 'bare' | 'stocked'

/** Names an image by all that goes into it: the same name always means the same server. */
export function nameImage(inputs: ImageInputs): `${ImageKind}-${string}` {
  const all = { recipe, suite, plainServerPackages, maskedUnits, settings, settingsBeforePackages, arch: process.arch }
  const packages = inputs.packages.toSorted()
  const text = JSON.stringify({
    ...all,
    packages,
    files: Object.entries(inputs.files).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  })
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${packages.length === 0 ? 'bare' : 'stocked'}-${hash}`
}
