import { Buffer } from 'node:buffer'
import { z } from 'zod'
import { lines, sh, type Shell } from '../shell/sh.ts'
import type { File, Step } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'
import { firmInPerl, standsFirm } from './firm-ground.ts'
import * as said from './said.ts'
import { originalsFolder, previousFolder, stagedFolder } from './state-folder.ts'

export interface FileFact {
  readonly mode: string
  readonly owner: string
  readonly group: string
  readonly content: string
  /**
   * Present where it is not a regular file: a `link`, something `else`, or `astray`, below a folder to which others
   * than root may write. Such a path is never read.
   */
  readonly isNot?: 'link' | 'else' | 'astray'
}

/** Far more than any file that is placed; a longer one differs in any case. */
const mostBytes = 1024 ** 2

/**
 * Files, whole. A new version is staged, checked by its daemon's own checker, and moved into place in one rename; the
 * version before it is kept and comes back when the component's units refuse the new one.
 */
export const fileKind: ResourceKind<File, FileFact> = {
  kind: 'file',
  phase: 'place',
  isKeptAside: true,
  plural: 'files',
  object: (name) => name,
  privateKeyIn: ({ secret, content }) => (secret === true && content.includes('PRIVATE KEY') ? content : undefined),
  name: (resource) => resource.path,
  // One program for all of them: two for each file made up much of what asking a busy server costs.
  ask: (resources) => sh`
    perl -e '
      use Fcntl qw(:DEFAULT :mode);
      ${firmInPerl}
      for my $path (@ARGV) {
        my @facts = lstat $path or next;
        # What a link leads to may be a secret, and would be shown in the plan.
        my $is_not = !firm($path) ? "astray" : S_ISLNK($facts[2]) ? "link" : S_ISREG($facts[2]) ? "" : "else";
        my $content = "";
        if ($is_not eq "") {
          sysopen my $file, $path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK or next;
          read $file, $content, ${mostBytes};
        }
        my $owner = getpwuid($facts[4]) // $facts[4];
        my $group = getgrgid($facts[5]) // $facts[5];
        printf "%s\t%o\t%s\t%s\t%s\t%s\n", $path, $facts[2] & 07777, $owner, $group, unpack("H*", $content), $is_not;
      }
    ' ${resources.map(({ path }) => path)}
    true
  `,
  read: readFiles,
  fact: z.strictObject({
    mode: said.mode,
    owner: said.userName,
    group: said.userName,
    // Compared and shown; never written and never run.
    content: z.string(),
    isNot: z.enum(['link', 'else', 'astray']).exactOptional(),
  }),
  close: (desired, facts) => desired.flatMap((resource) => closeOne(resource, facts.get(resource.path))),
  remove: (path) => ({
    kind: 'file',
    name: path,
    action: 'remove',
    reason: 'is no longer declared',
    disturbs: 'nothing',
    apply: sh`
      ${standsFirm(path)}
      if [ -e ${originalsFolder + path} ] || [ -L ${originalsFolder + path} ]; then mv -fT ${originalsFolder + path} ${path}; else rm -f ${path}; fi
      rm -f ${previousFolder + path}
    `,
  }),
}

function readFiles(answer: string): ReadonlyMap<string, FileFact> {
  return new Map(
    rowsOf(answer).flatMap(([path, mode, owner, group, content, isNot = '']) =>
      content === undefined
        ? []
        : [
            [
              path!,
              {
                mode: mode!.padStart(4, '0'),
                owner: owner!,
                group: group!,
                content: Buffer.from(content, 'hex').toString(),
                ...(isNot !== '' && { isNot: isNot as NonNullable<FileFact['isNot']> }),
              },
            ] as const,
          ],
    ),
  )
}

function closeOne(desired: File, fact: FileFact | undefined): readonly Step[] {
  const reason = differenceOf(desired, fact)
  if (reason === undefined) return []
  const { path, content, secret } = desired
  return [
    {
      kind: 'file',
      name: path,
      action: fact === undefined ? 'create' : 'change',
      reason,
      ...(secret !== true && fact?.content !== content && { diff: { before: fact?.content ?? '', after: content } }),
      disturbs: 'nothing',
      prepare: stage(desired),
      apply: sh`
        ${standsFirm(path)}
        ${refuseFolder(path)}
        mkdir -p ${folderOf(path)} ${previousFolder + folderOf(path)}
        rm -f ${previousFolder + path}
        if ${isThere(path)}; then ${copyWhole(path, previousFolder + path)}; fi
        ${copyWhole(stagedFolder + path, path)}
      `,
      rollBack: lines([standsFirm(path), fact === undefined ? sh`rm -f ${path} ${path}.trimaran-new` : restore(path)]),
    },
  ]
}

function differenceOf(desired: File, fact: FileFact | undefined): string | undefined {
  if (fact === undefined) return 'does not exist'
  if (fact.isNot !== undefined) return reasons[fact.isNot]
  if (fact.content !== desired.content) return `has other content${otherVariables(desired, fact)}`
  if (fact.mode === desired.mode && fact.owner === desired.owner && fact.group === desired.group) return undefined
  return `is ${fact.mode} ${fact.owner}:${fact.group}, should be ${desired.mode} ${desired.owner}:${desired.group}`
}

/** Of a secret file of variables the names are told, never the values. */
function otherVariables({ secret, content }: File, fact: FileFact): string {
  if (secret !== true) return ''
  const [before, after] = [variablesOf(fact.content), variablesOf(content)]
  if (before === undefined || after === undefined) return ''
  const names = (which: (name: string) => boolean, all: ReadonlyMap<string, string>): string =>
    [...all.keys()].filter(which).join(', ')
  const parts = [
    ['other values of', names((name) => before.has(name) && before.get(name) !== after.get(name), after)],
    ['new:', names((name) => !before.has(name), after)],
    ['no longer:', names((name) => !after.has(name), before)],
  ].filter(([, found]) => found !== '')
  return parts.length === 0 ? '' : `: ${parts.map((part) => part.join(' ')).join('; ')}`
}

/** Variables as systemd reads them, and comments; `undefined` where it holds something else. */
function variablesOf(text: string): ReadonlyMap<string, string> | undefined {
  const variable = /^([A-Za-z_]\w{0,80})=("(?:[^"\\]|\\.)*"|[^"\n]*)\n/gm
  const rest = text.replaceAll(variable, '').replaceAll(/^#.*$/gm, '')
  if (rest.trim() !== '') return undefined
  return new Map([...text.matchAll(variable)].map(([, name = '', value = '']) => [name, value]))
}

const reasons = {
  link: 'is a link, should be a file of its own: the link is replaced, and what it leads to is left alone',
  else: 'is not a file, but something else: it is not touched',
  astray: 'lies below a folder to which others than root may write: nothing is placed there',
} as const

const isThere = (path: string): Shell => sh`{ [ -e ${path} ] || [ -L ${path} ]; }`

const refuseFolder = (path: string): Shell =>
  sh`if [ -d ${path} ] && [ ! -L ${path} ]; then echo ${path} is a folder: move it out of the way; exit 1; fi`

/** A disk that fills up meanwhile leaves what stood there, never half a file. A link is copied, and replaced, as a link. */
const copyWhole = (from: string, to: string): Shell =>
  sh`{ cp -a --remove-destination ${from} ${to}.trimaran-new && mv -fT ${to}.trimaran-new ${to}; }`

/** Where the copy was never made, the live file was not touched either. */
const restore = (path: string): Shell => sh`
  rm -f ${path}.trimaran-new ${previousFolder + path}.trimaran-new
  if ${isThere(previousFolder + path)} && { [ -L ${previousFolder + path} ] || ! cmp -s ${previousFolder + path} ${path}; }; then ${copyWhole(previousFolder + path, path)}; fi
`

/** Writes the new version beside the live one and lets the daemon's checker check it. */
function stage({ path, content, mode, owner, group, check }: File): Shell {
  const encoded = Buffer.from(content).toString('base64')
  return sh`
    ${standsFirm(path)}
    file=${stagedFolder + path}
    mkdir -p ${stagedFolder + folderOf(path)}
    (umask 077; base64 -d >"$file" <<<${encoded})
    chmod ${mode} "$file"
    chown ${owner}:${group} "$file"
    ${check ?? sh``}
  `
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
