import { z } from 'zod'
import { sh } from '../shell/sh.ts'
import { standsFirm } from './firm-ground.ts'
import type { Directory, Step } from './resource.ts'
import type { ResourceKind } from './resource-kind.ts'
import { rowsOf } from './rows.ts'
import * as said from './said.ts'

export interface DirectoryFact {
  /** False where something else stands there: a link, a file. */
  readonly isFolder: boolean
  readonly mode: string
  readonly owner: string
  readonly group: string
}

/** The kind of a file in its mode, and what says that it is a folder. */
const [kindBits, folderBits] = [0o170000, 0o040000]

/** Folders with their owner and mode. Their content is not managed. */
export const directoryKind: ResourceKind<Directory, DirectoryFact> = {
  kind: 'directory',
  phase: 'place',
  unnoticed: 'create',
  plural: 'directories',
  isFirm: ({ owner, mode }) => owner === 'root' && (Number.parseInt(mode, 8) & 0o022) === 0,
  name: (resource) => resource.path,
  // Of a link itself, not of what it leads to.
  ask: (resources) => sh`stat --printf='%n\t%f\t%U\t%G\n' -- ${resources.map(({ path }) => path)} 2>/dev/null || true`,
  read: (answer) =>
    new Map(
      rowsOf(answer).flatMap(([path, raw, owner, group]) =>
        group === undefined ? [] : [[path!, { ...readMode(raw!), owner: owner!, group }] as const],
      ),
    ),
  fact: z.strictObject({ isFolder: z.boolean(), mode: said.mode, owner: said.userName, group: said.userName }),
  close: (desired, facts) => desired.flatMap((resource) => closeOne(resource, facts.get(resource.path))),
  // A folder that others can write to is not touched any more.
  remove: (path) => ({
    kind: 'directory',
    name: path,
    action: 'remove',
    reason: 'is no longer declared',
    disturbs: 'nothing',
    apply: sh`if [ -d ${path} ] && [ ! -L ${path} ] && ${standsFirm(path)}; then rmdir --ignore-fail-on-non-empty ${path}; fi`,
  }),
}

function readMode(raw: string): Pick<DirectoryFact, 'isFolder' | 'mode'> {
  const bits = Number.parseInt(raw, 16)
  return { isFolder: (bits & kindBits) === folderBits, mode: (bits & 0o7777).toString(8).padStart(4, '0') }
}

function closeOne({ path, mode, owner, group }: Directory, fact: DirectoryFact | undefined): readonly Step[] {
  const same = fact?.isFolder === true && fact.mode === mode && fact.owner === owner && fact.group === group
  if (same) return []
  return [
    {
      kind: 'directory',
      name: path,
      action: fact === undefined ? 'create' : 'change',
      reason: reasonOf(fact, `${mode} ${owner}:${group}`),
      disturbs: 'nothing',
      apply: sh`
        ${standsFirm(path)}
        if [ -L ${path} ]; then rm -f ${path}; fi
        install -d -m ${mode} -o ${owner} -g ${group} ${path}
      `,
    },
  ]
}

function reasonOf(fact: DirectoryFact | undefined, wanted: string): string {
  if (fact === undefined) return 'does not exist'
  if (!fact.isFolder)
    return 'is a link or a file, should be a folder: a link is removed, and what it leads to is left alone'
  return `is ${fact.mode} ${fact.owner}:${fact.group}, should be ${wanted}`
}
