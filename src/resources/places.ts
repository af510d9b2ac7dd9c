import type { Kind } from './resource.ts'
import { scriptFolder, stateFolder } from './state-folder.ts'

/**
 * Where Trimaran places things, for all kinds that are taken away again once they are no longer declared. A blueprint that
 * wants something elsewhere is a defect; a server's manifest that lists something elsewhere lists what Trimaran never placed,
 * so it is never removed, stopped or run.
 */

/** Units that its components start, stop or mask. */
const units = [
  /^(?:etcd|haproxy|keepalived|nginx|patroni|pgbouncer|chrony|nftables)\.service$/,
  /^postgresql(?:@17-main)?\.service$/,
  /^systemd-journald@(?:app|traffic)\.service$/,
  /^trimaran-[a-z-]+\.(?:service|timer|socket|path)$/,
  /^app-[a-z-]+\.(?:service|target|timer)$/,
]

export const isOwnUnit = (unit: string): boolean => units.some((pattern) => pattern.test(unit))

const name = String.raw`(?!\.{1,2}(?:/|$))[\w.@:+,%=~-]+`

/** Folders of its components, and single files where others have theirs, too. */
const files = [
  new RegExp(`^/etc/(?:trimaran|haproxy|keepalived|nginx|patroni|pgbouncer)(?:/${name})+$`),
  new RegExp(`^/etc/default/(?:etcd|haproxy|nginx|keepalived|patroni|pgbouncer)[\\w-]*$`),
  /^\/etc\/(?:sysctl|modules-load|tmpfiles|nftables|logrotate|ssl)\.d\/\d\d-trimaran[\w-]*(?:\.\w+)?$/,
  /^\/etc\/systemd\/(?:journald|journald@\w+|system|logind)\.conf\.d\/\d\d-[\w-]+\.conf$/,
  /^\/etc\/systemd\/system\/[\w@.-]+\.(?:service|timer|socket|slice)\.d\/\d\d-[\w-]+\.conf$/,
  /^\/etc\/systemd\/system\/(?:app|trimaran)-[\w@-]+\.(?:service|target|timer|socket|slice)$/,
  new RegExp(`^${stateFolder}/(?:stack|state\\.json)$`),
  new RegExp(`^${scriptFolder}/(?!(?:leave|hand-over|pause)/)${name}(?:/${name})*$`),
  new RegExp(`^${scriptFolder}/pause/(?:balancer|web|app|database)$`),
]

/** Programs that are run for a unit, by its name. */
const programOfUnit = new RegExp(`^${scriptFolder}/(?:leave|hand-over)/([^/]+)$`)

const isOwnFile = (path: string): boolean => {
  const [, unit] = programOfUnit.exec(path) ?? []
  return unit === undefined ? files.some((pattern) => pattern.test(path)) : isOwnUnit(unit)
}

const folders = [
  new RegExp(`^(?:/srv/app|/srv/web|/opt/trimaran|/etc/trimaran|${scriptFolder}|${stateFolder})(?:/${name})*$`),
  new RegExp(`^/etc/(?:haproxy|keepalived|nginx|patroni|pgbouncer)(?:/${name})+$`),
  /^\/var\/lib\/postgresql\/17$/,
]

const trees = [new RegExp(`^/srv/(?:app|web)/releases/${name}$`), new RegExp(`^/opt/trimaran/${name}$`)]

const links = [new RegExp(`^/srv/(?:app|web)/${name}$`), new RegExp(`^/opt/trimaran/${name}$`)]

const users = /^(?:app|trimaran[a-z_-]*|keepalived_script)$/

const within =
  (patterns: readonly RegExp[]) =>
  (path: string): boolean =>
    patterns.some((pattern) => pattern.test(path))

const own: Readonly<Partial<Record<Kind, (name: string) => boolean>>> = {
  user: (user) => users.test(user),
  directory: within(folders),
  tree: within(trees),
  file: isOwnFile,
  symlink: within(links),
  unit: isOwnUnit,
  slots: (slots) => slots === 'app',
}

/** Whether Trimaran may have placed a thing of this kind under this name. */
export const isOwnPlace = (kind: string, thing: string): boolean => own[kind as Kind]?.(thing) === true
