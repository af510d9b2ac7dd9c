import { sh } from '../shell/sh.ts'
import type { Directory, ResourceKind, Step } from './resource.ts'

interface DirectoryFact {
  readonly mode: string
  readonly owner: string
  readonly group: string
}

/** Folders with their owner and mode. Their content is nobody's business here. */
export const directoryKind: ResourceKind<Directory, DirectoryFact> = {
  kind: 'directory',
  name: (resource) => resource.path,
  ask: (resources) => sh`stat --printf='%n\t%a\t%U\t%G\n' -- ${resources.map(({ path }) => path)} 2>/dev/null || true`,
  read: (answer) =>
    new Map(
      answer
        .split('\n')
        .map((line) => line.split('\t'))
        .flatMap(([path, mode, owner, group]) =>
          group === undefined ? [] : [[path!, { mode: mode!.padStart(4, '0'), owner: owner!, group }] as const],
        ),
    ),
  close: (desired, facts) => desired.flatMap((resource) => closeOne(resource, facts.get(resource.path))),
  remove: (path) => ({
    kind: 'directory',
    name: path,
    action: 'remove',
    reason: 'is no longer declared',
    disturbs: 'nothing',
    apply: sh`if [ -d ${path} ]; then rmdir --ignore-fail-on-non-empty ${path}; fi`,
  }),
}

function closeOne({ path, mode, owner, group }: Directory, fact: DirectoryFact | undefined): readonly Step[] {
  const same = fact !== undefined && fact.mode === mode && fact.owner === owner && fact.group === group
  if (same) return []
  return [
    {
      kind: 'directory',
      name: path,
      action: fact === undefined ? 'create' : 'change',
      reason:
        fact === undefined
          ? 'does not exist'
          : `is ${fact.mode} ${fact.owner}:${fact.group}, should be ${mode} ${owner}:${group}`,
      disturbs: 'nothing',
      apply: sh`install -d -m ${mode} -o ${owner} -g ${group} ${path}`,
    },
  ]
}
