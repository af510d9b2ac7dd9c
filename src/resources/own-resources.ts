import { releasePattern } from '../config/values/names.ts'
import type { Kind } from './resource.ts'
import { scriptFolder, stateFolder } from './state-folder.ts'

/** Where one component places what is its own, besides what is Trimaran's by its name: files, units, users `trimaran…`. */
export interface Owned {
  /** Debian's daemons: `haproxy` stands for `haproxy.service`, all below `/etc/haproxy`, and `/etc/default/haproxy…`. */
  readonly daemons?: readonly string[]
  /** More units that it starts, stops or masks. */
  readonly units?: readonly string[]
  /** Beginnings of the names of units that it makes itself: `app` for `app-blue.target`. */
  readonly ownUnits?: readonly string[]
  /** Folders that are all its own. */
  readonly folders?: readonly string[]
  /** Folders in which archives are unpacked at `releases/NAME`, with links beside; all its own. */
  readonly releases?: readonly string[]
  readonly users?: readonly string[]
  /** The folder in which its daemon keeps data, which stays when the component goes. */
  readonly data?: string
  /** Tiers whose calls it pauses. */
  readonly paused?: readonly string[]
  readonly slots?: readonly string[]
}

/** Whether Trimaran may have placed a thing of this kind under this name. */
export type IsOwnResource = (kind: string, thing: string) => boolean

/** How releases are called, as a part of a path. */
const release = releasePattern.source.slice(1, -1)

const name = String.raw`(?!\.{1,2}(?:/|$))[\w.@:+,%=~-]+`

/**
 * Where Trimaran places things, for all kinds that are taken away again once they are no longer declared. A blueprint that
 * wants something elsewhere is a defect; a server's manifest that lists something elsewhere lists what Trimaran never placed,
 * so it is never removed, stopped or run.
 */
export function ownershipOf(all: readonly Owned[]): IsOwnResource {
  const every = (pick: (owned: Owned) => readonly string[] | undefined): readonly string[] =>
    all.flatMap((owned) => pick(owned) ?? [])
  const daemons = every((one) => one.daemons)
  const ownUnits = ['trimaran', ...every((one) => one.ownUnits)]
  const releases = every((one) => one.releases)
  const unitNames = new Set([...daemons.map((daemon) => `${daemon}.service`), ...every((one) => one.units)])
  const users = new Set(every((one) => one.users))
  const slots = new Set(every((one) => one.slots))
  const isOwnUnit = (unit: string): boolean =>
    unitNames.has(unit) ||
    within([new RegExp(`^${oneOf(ownUnits)}-[a-z-]+\\.(?:service|target|timer|socket|path)$`)])(unit)
  const files = within([
    new RegExp(`^/etc/${oneOf(['trimaran', ...daemons])}(?:/${name})+$`),
    new RegExp(`^/etc/default/${oneOf(daemons)}[\\w-]*$`),
    new RegExp(`^/etc/systemd/system/${oneOf(ownUnits)}-[\\w@-]+\\.(?:service|target|timer|socket|slice)$`),
    new RegExp(`^${scriptFolder}/pause/${oneOf(every((one) => one.paused))}$`),
    ...filesAmongOthers,
  ])
  const own: Readonly<Partial<Record<Kind, (thing: string) => boolean>>> = {
    user: (user) => users.has(user) || /^trimaran[a-z_-]*$/.test(user),
    directory: within([
      new RegExp(`^${oneOf(['/opt/trimaran', '/etc/trimaran', scriptFolder, stateFolder, ...releases])}(?:/${name})*$`),
      new RegExp(`^/etc/${oneOf(daemons)}(?:/${name})+$`),
      new RegExp(`^${oneOf(every((one) => one.folders))}$`),
    ]),
    tree: within([new RegExp(`^${oneOf(releases)}/releases/${release}$`), new RegExp(`^/opt/trimaran/${name}$`)]),
    file: (path) => {
      const [, unit] = programOfUnit.exec(path) ?? []
      return unit === undefined ? files(path) : isOwnUnit(unit)
    },
    symlink: within([new RegExp(`^${oneOf([...releases, '/opt/trimaran'])}/${name}$`)]),
    unit: isOwnUnit,
    slots: (thing) => slots.has(thing),
  }
  return (kind, thing) => own[kind as Kind]?.(thing) === true
}

/** Single files where others have theirs, too. */
const filesAmongOthers = [
  /^\/etc\/(?:sysctl|modules-load|tmpfiles|nftables|logrotate|ssl)\.d\/\d\d-trimaran[\w-]*(?:\.\w+)?$/,
  /^\/etc\/systemd\/(?:journald|journald@\w+|system|logind)\.conf\.d\/\d\d-[\w-]+\.conf$/,
  /^\/etc\/systemd\/system\/[\w@.-]+\.(?:service|timer|socket|slice)\.d\/\d\d-[\w-]+\.conf$/,
  new RegExp(`^${stateFolder}/(?:stack|state\\.json)$`),
  new RegExp(`^${scriptFolder}/(?!(?:pre-remove|hand-over|pause)/)${name}(?:/${name})*$`),
]

/** Programs that are run for a unit, by its name. */
const programOfUnit = new RegExp(`^${scriptFolder}/(?:pre-remove|hand-over)/([^/]+)$`)

/** Matches any of these texts, and nothing where there is none. */
const oneOf = (texts: readonly string[]): string =>
  texts.length === 0
    ? '(?!)'
    : `(?:${texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|')})`

const within =
  (patterns: readonly RegExp[]) =>
  (thing: string): boolean =>
    patterns.some((pattern) => pattern.test(thing))
