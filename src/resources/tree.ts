import { z } from 'zod'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { standsFirm } from './firm-ground.ts'
import { lowPriority } from './low-priority.ts'
import type { Resource, Step, Tree, TreeUse } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'
import { inboxPath } from './state-folder.ts'
import { assemble, forgetParts, listOf } from './tree-parts.ts'
import { forgetSeal, sealFunctions } from './tree-seal.ts'

/** Whether a tree is what was unpacked. */
export type TreeFact =
  | { readonly is: 'whole' }
  /** Nothing was remembered of it: it was not unpacked to its end, or by a version that remembered nothing. */
  | { readonly is: 'unsealed' }
  /** It is there, and nothing uses it: it was not looked at. */
  | { readonly is: 'idle' }
  | { readonly is: 'changed'; readonly count: number; readonly examples: readonly string[] }

/** So many of the changed files are named. */
const named = 3

const plainName = /^\.[\w@+=,./ -]{0,200}$/

const factSchema: z.ZodType<TreeFact> = z.discriminatedUnion('is', [
  z.object({ is: z.literal('whole') }),
  z.object({ is: z.literal('unsealed') }),
  z.object({ is: z.literal('idle') }),
  z.object({
    is: z.literal('changed'),
    count: z.number().int().positive(),
    examples: z.array(z.string().regex(plainName)).max(named),
  }),
])

/** Folders unpacked from one archive. Unpacked beside its place and renamed, so that a tree is whole or not there. */
export const treeKind: ResourceKind<Tree, TreeFact> = {
  kind: 'tree',
  phase: 'place',
  unnoticed: 'create',
  isSlow: true,
  isOfRelease: true,
  listsNeighbours: true,
  plural: 'unpacked archives',
  name: (resource) => resource.path,
  // All trees beside the desired one are listed, so that the question does not depend on the version that is wanted.
  ask: (resources, isThorough = false) =>
    lines([
      look,
      ...[...Map.groupBy(resources, ({ path }) => folderOf(path))].map(([folder, trees]) =>
        askFolder(folder, isThorough ? [] : trees),
      ),
      sh`
        wait
        true
      `,
    ]),
  read: (answer) =>
    new Map(
      rowsOf(answer).flatMap(([path = '', is, count, ...examples]) => {
        const fact = readFact(is, Number(count), examples)
        return fact === undefined ? [] : [[path, fact] as const]
      }),
    ),
  fact: factSchema,
  // Where there is no tree yet, nothing serves from one: the work need not wait for anybody.
  close: (desired, facts) =>
    desired.flatMap((tree) => closeOne(tree, facts.get(tree.path), facts.size === 0 ? usualPriority : lowPriority)),
  remove: (path) => removal(path, 'is no longer declared'),
}

/** The trees among all that is wanted of a server that nothing used when it was asked: those were not looked at. */
export const idleAmong = (resources: readonly Resource[], facts: ReadonlyMap<string, TreeFact>): readonly Tree[] =>
  resources.filter(
    (one): one is Tree => one.kind === 'tree' && one.optional !== true && facts.get(one.path)?.is === 'idle',
  )

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

/** Looks at these trees alone, whether something uses them or not: for those that are about to be used. */
export const askTrees = (trees: readonly Tree[]): Shell => sh`
  ${look}
  for tree in ${trees.map(({ path }) => path)}; do
    [ ! -d "$tree" ] || [ -L "$tree" ] || look "$tree" &
  done
  wait
  true
`

/** A question for every tree in a folder: a look at those that are used, and of the others that they are there. */
function askFolder(folder: string, trees: readonly Tree[]): Shell {
  const isAlways = trees.every(({ uses }) => uses === undefined)
  const uses = trees.flatMap((tree) => tree.uses ?? [])
  const links = [...new Map(uses.map((use) => [`${use.link} ${use.unit}`, use])).values()]
  return sh`
    is_used() {
      ${isAlways ? sh`return 0` : lines([...links.map(isUsed), sh`return 1`])}
    }
    for tree in ${folder}/*; do
      case $tree in *.partial) continue ;; esac
      [ -d "$tree" ] && [ ! -L "$tree" ] || continue
      if is_used "$tree"; then look "$tree" & else printf '%s\tidle\n' "$tree"; fi
    done
  `
}

const isUsed = ({ link, unit }: TreeUse): Shell =>
  sh`[ ! ${link} -ef "$1" ] ${unit === undefined ? sh`` : sh`|| ! systemctl is-active --quiet ${unit}`} || return 0`

/** Prints how the tree $1 stands beside what was remembered of it. */
const look: Shell = sh`
  ${sealFunctions}
  look() {
    local seal changed
    seal=$(seal_of "$1")
    if [ ! -e "$seal.quick" ] || [ ! -e "$seal.list" ]; then printf '%s\tunsealed\n' "$1"
    elif [ "$(quick_seal "$1")" = "$(cat "$seal.quick")" ]; then printf '%s\twhole\n' "$1"
    else
      changed=$(changed_in "$1")
      if [ -z "$changed" ]; then printf '%s\twhole\n' "$1"
      else printf '%s\tchanged\t%s\t%s\n' "$1" "$(wc -l <<<"$changed")" "$(head -n ${named} <<<"$changed" | cut -c -200 | tr '\n\t' '\t ')"
      fi
    fi
  }
`

function readFact(is: string | undefined, count: number, examples: readonly string[]): TreeFact | undefined {
  if (is === 'whole' || is === 'unsealed' || is === 'idle') return { is }
  if (is !== 'changed' || !Number.isSafeInteger(count)) return undefined
  // Names that are not plain ones are somebody's who wants to be read by an operator: they are counted, not shown.
  return { is, count, examples: examples.filter((name) => plainName.test(name)).slice(0, named) }
}

type Priority = (work: Shell) => Shell
const usualPriority: Priority = (work) => sh`bash -euo pipefail -c ${work.text}`

function closeOne(tree: Tree, fact: TreeFact | undefined, priority: Priority): readonly Step[] {
  const { path, payload, optional } = tree
  if (fact === undefined) return optional === true ? [] : [unpack(tree, priority)]
  if (fact.is === 'whole') return []
  // An older release that cannot be relied on is better not there: it is fetched, or built, when it is wanted again.
  if (optional === true) return fact.is === 'changed' ? [removal(path, reasonOf(fact))] : []
  return [
    {
      kind: 'tree',
      name: path,
      action: 'change',
      reason: reasonOf(fact),
      disturbs: 'nothing',
      payload,
      apply: repair(tree),
    },
    rememberLast(path),
  ]
}

/**
 * The tree counts as whole only after this step: if its programs could not restart, or the script was cut off, the next `up` must
 * repair it.
 */
const rememberLast = (path: string): Step => ({
  kind: 'tree',
  name: path,
  action: 'check',
  reason: 'is whole again, which is noted once its programs have restarted',
  disturbs: 'nothing',
  phase: 'last',
  apply: sh`
    ${sealFunctions}
    changed=$(changed_in ${path})
    [ -z "$changed" ] || { printf 'was changed again meanwhile: %s\n' "$changed"; exit 1; }
    seal_quickly ${path}
  `,
})

function reasonOf(fact: Exclude<TreeFact, { is: 'whole' }>): string {
  if (fact.is === 'unsealed') return 'nothing tells whether it is what was unpacked: it is compared with the archive'
  if (fact.is === 'idle') return 'nobody looked whether it is what was unpacked: it is compared with the archive'
  return `was changed by hand: ${namesOfChanged(fact).join(', ')}`
}

/** What of it was changed, and how much more. */
export function namesOfChanged({ count, examples }: Extract<TreeFact, { is: 'changed' }>): readonly string[] {
  const more = count - examples.length
  return [...examples.map((name) => name.replace(/^\.\//, '')), ...(more > 0 ? [`${more} more`] : [])]
}

const unpack = (tree: Tree, priority: Priority): Step => ({
  kind: 'tree',
  name: tree.path,
  action: 'create',
  reason: 'is not there',
  disturbs: 'nothing',
  payload: tree.payload,
  apply: lines([
    unpackBeside(tree, priority),
    sh`
      if [ -L ${tree.path} ]; then rm -f ${tree.path}; fi
      mv -T ${tree.path}.partial ${tree.path}
      ${sealFunctions}
      seal_as ${tree.path} ${listOf(tree.payload)}
      seal_quickly ${tree.path}
    `,
  ]),
  // It was not there before; a disk that it filled has its room back.
  rollBack: sh`
    ${standsFirm(tree.path)}
    rm -rf ${tree.path}.partial ${tree.path} ${inboxPath(tree.payload)}
    ${forgetSeal(tree.path)}
  `,
})

const unpackBeside = (tree: Tree, priority: Priority): Shell => sh`
  ${standsFirm(tree.path)}
  rm -rf ${tree.path}.partial
  mkdir -p ${tree.path}.partial
  ${priority(assemble(tree, `${tree.path}.partial`))}
  rm -f ${inboxPath(tree.payload)}
  ${forgetParts(tree.payload)}
`

/**
 * Puts right only what differs, each file in one rename: what runs in the tree finds all of it at every moment, and its
 * folders stay the ones that it works in.
 */
const repair = (tree: Tree): Shell =>
  lines([
    forgetSeal(tree.path),
    unpackBeside(tree, lowPriority),
    sh`
      ${sealFunctions}
      from=${tree.path}.partial
      to=${tree.path}
      unlike <(gzip -dc ${listOf(tree.payload)}) <(full_seal "$to") |
        {
          # Names are bytes: in another locale, bash takes some of them for no text at all.
          LC_ALL=C
          while IFS= read -rd '' path; do
            case $path in ./*) ;; .) ;; *) continue ;; esac
            case $path/ in */../*) continue ;; esac
            if [ -d "$from/$path" ] && [ ! -L "$from/$path" ]; then
              if [ -e "$to/$path" ] || [ -L "$to/$path" ]; then [ -d "$to/$path" ] && [ ! -L "$to/$path" ] || rm -f "$to/$path"; fi
              mkdir -p "$to/$path"
              chown --reference="$from/$path" "$to/$path"
              chmod --reference="$from/$path" "$to/$path"
            elif [ -e "$from/$path" ] || [ -L "$from/$path" ]; then
              within=$to/\${path%/*}
              mkdir -p "$within"
              if [ -d "$to/$path" ] && [ ! -L "$to/$path" ]; then rm -rf "$to/$path"; fi
              cp -a --remove-destination "$from/$path" "$within/.trimaran-new"
              mv -fT "$within/.trimaran-new" "$to/$path"
            else
              rm -rf "$to/$path"
            fi
          done
        }
      [ "$(unlike <(gzip -dc ${listOf(tree.payload)}) <(full_seal "$to") | wc -c)" = 0 ] || { echo "$to could not be put right"; exit 1; }
      rm -rf "$from"
      seal_as "$to" ${listOf(tree.payload)}
    `,
  ])

const removal = (path: string, reason: string): Step => ({
  kind: 'tree',
  name: path,
  action: 'remove',
  reason,
  disturbs: 'nothing',
  phase: 'last',
  apply: sh`
    ${standsFirm(path)}
    rm -rf ${path} ${path}.partial
    ${forgetSeal(path)}
  `,
})
