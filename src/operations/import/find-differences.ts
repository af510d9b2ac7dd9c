import { debianPackageOf } from '../../config/check-extensions.ts'
import { countOf } from '../../speech/count-of.ts'
import { formatBytes } from '../../speech/format-bytes.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import type { Target } from './ask-target.ts'
import type { SeenDump } from './seen-dump.ts'

/** What is done with what a database has already. */
export type Presence = 'must be empty' | 'stays' | 'is replaced'

export interface Compared {
  readonly seen: SeenDump
  readonly target: Target
  readonly database: string
  readonly presence: Presence
  /** How much room the content takes, as far as that can be told. */
  readonly needed: Need
}

export interface Need {
  readonly bytes: number
  readonly isExact: boolean
}

export interface Refusal {
  readonly why: string
  readonly next: string
}

/** What stands against an import, and what the operator should know of it. */
export interface Differences {
  readonly refusals: readonly Refusal[]
  readonly remarks: readonly string[]
}

export const findDifferences = (compared: Compared): Differences => ({
  refusals: [
    ...refuseItself(compared),
    ...refuseFollowing(compared),
    ...refuseFull(compared),
    ...refuseExtensions(compared),
    ...refuseRoom(compared),
  ],
  remarks: [
    ...remarkVersion(compared),
    ...remarkConnection(compared),
    ...remarkTexts(compared),
    ...remarkExtensions(compared),
    ...remarkRoom(compared),
  ],
})

/** It would wait for itself. */
const refuseItself = ({ seen, target, database }: Compared): readonly Refusal[] =>
  seen.isOf === target.isOf ? [{ why: `it is ${database} itself`, next: 'name another database, or a dump' }] : []

/** What is changed here would stand in the way of what comes. */
const refuseFollowing = ({ target, database }: Compared): readonly Refusal[] =>
  target.isFollowing
    ? [
        {
          why: `${database} follows a server elsewhere`,
          next: `end that first, with ${trimaran('db follow finish')} or ${trimaran('db follow abandon')}`,
        },
      ]
    : []

function refuseFull({ target, database, presence }: Compared): readonly Refusal[] {
  if (presence !== 'must be empty' || target.tables === 0) return []
  return [
    {
      why: `${database} has ${countOf(target.tables, 'table')} already`,
      next: 'add `--replace` to delete all that is in it, or `--into-existing` to keep it and add what is new',
    },
  ]
}

function refuseExtensions({ seen, target }: Compared): readonly Refusal[] {
  return seen.extensions.flatMap((name): readonly Refusal[] => {
    const found = target.extensions.find((one) => one.name === name)
    if (found === undefined) {
      const [first] = packagesFor(name, target.packages)
      const listed = `\`database: { packages: ['${first ?? 'its Debian package'}'], extensions: ['${name}'] }\``
      const from = first === undefined ? '' : `; Debian's package ${first} has it`
      return [
        {
          why: `the extension ${name} is not installed on the database servers${from}`,
          next: `state ${listed}, run ${trimaran('up')}, and import again`,
        },
      ]
    }
    if (found.isInstalled || found.isTrusted) return []
    return [
      {
        why: `only a superuser can create the extension ${name}, and the import is done as the app`,
        next: `state \`database: { extensions: ['${name}'] }\`, run ${trimaran('up')}, and import again`,
      },
    ]
  })
}

/** Debian's packages that may have an extension: the one that is known, or those whose name has it. */
function packagesFor(name: string, packages: readonly string[]): readonly string[] {
  const known = debianPackageOf(name)
  if (known !== undefined) return [known]
  const wanted = name.replaceAll('_', '-')
  const exact = packages.filter((one) => one === `postgresql-17-${wanted}`)
  return exact.length > 0 ? exact : packages.filter((one) => one.includes(wanted.replace(/^pg-/, '')))
}

/** Content as large as that does not fit, whatever else is true. */
function refuseRoom({ target, needed }: Compared): readonly Refusal[] {
  const least = needed.isExact ? needed.bytes : needed.bytes / 4
  if (least <= target.freeBytes) return []
  return [
    {
      why: `there is room for ${formatBytes(target.freeBytes)}, and it needs ${formatBytes(least)} at least`,
      next: 'give the database servers a larger disk',
    },
  ]
}

const majorOf = (version: string | undefined): number | undefined => {
  const major = Number.parseInt(version ?? '', 10)
  return Number.isNaN(major) ? undefined : major
}

function remarkVersion({ seen, target }: Compared): readonly string[] {
  const [from, here] = [majorOf(seen.versions.from), majorOf(target.version)]
  if (from === undefined || here === undefined || from <= here) return []
  return [
    `It comes from PostgreSQL ${seen.versions.from}, newer than ${target.version} here: what ${here} does not know ends the import, and nothing of it stays`,
  ]
}

function remarkConnection({ seen }: Compared): readonly string[] {
  if (seen.isEncrypted !== false) return []
  return [
    'The connection to it is not encrypted: who is on the way reads all of it. `?sslmode=verify-full&sslrootcert=system` at the end of the address demands TLS, and a certificate for its name',
  ]
}

function remarkTexts({ seen, target }: Compared): readonly string[] {
  const encoding = seen.encoding?.toUpperCase().replace('-', '')
  return [
    ...(encoding === 'SQL_ASCII'
      ? [
          `Its encoding is SQL_ASCII, so nothing says what its letters mean: what is not ${target.encoding} ends the import`,
        ]
      : encoding !== undefined && encoding !== target.encoding.toUpperCase()
        ? [`Its texts are ${seen.encoding}, and are translated to ${target.encoding}`]
        : []),
    ...(seen.collation !== null && seen.collation !== target.collation
      ? [
          `It sorts texts by ${seen.collation}, here by ${target.collation}: \`ORDER BY\` without COLLATE may give another order`,
        ]
      : []),
  ]
}

function remarkExtensions({ seen, target }: Compared): readonly string[] {
  const made = seen.extensions.filter((name) =>
    target.extensions.some((one) => one.name === name && !one.isInstalled && one.isTrusted),
  )
  if (made.length === 0) return []
  const list = made.map((name) => `'${name}'`).join(', ')
  return [
    `It brings ${made.join(', ')}: state \`database: { extensions: [${list}] }\` too, so that a new database has them`,
  ]
}

function remarkRoom({ target, needed }: Compared): readonly string[] {
  if (needed.isExact || needed.bytes <= target.freeBytes) return []
  return [
    `It may need ${formatBytes(needed.bytes)}, and there is room for ${formatBytes(target.freeBytes)}: where the disk fills, nothing of it stays`,
  ]
}
