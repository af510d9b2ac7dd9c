import type { File, Resource } from '../../resources/resource.ts'
import { serversOf, etcdMembers } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { callerFiles } from '../etcd/index.ts'
import { explainObserver } from './explain.ts'
import { type ObserverDetails, observerDetails } from './details.ts'
import { askObserver, readObserver } from './health.ts'
import { linksOfObservers } from './links.ts'
import { paths, unitName } from './paths.ts'
import { patroniPaths } from '../patroni/index.ts'
import { placeProgram } from '../program.ts'
import { renderSettings } from './render-settings.ts'
import { renderUnit, userOf } from './render-unit.ts'
import { rootFile } from '../root-file.ts'

/**
 * On each etcd member's server: notices within two seconds that the primary's server is gone, where Patroni alone waits
 * 20 s. Why it can neither cause two primaries nor lose a write: `docs/decisions/fast-failover.md`.
 */
export const observer: Component<ObserverDetails> = {
  name: 'observer',
  belongsOn: (server, stack) =>
    serversOf(stack, 'database').length > 1 && etcdMembers(stack).some(({ name }) => name === server.name),
  links: linksOfObservers,
  packages: ['python3', 'nftables'],
  listens: () => [],
  render: renderObserver,
  health: { ask: askObserver, read: readObserver, details: observerDetails },
  roles: { preRemoves: { unit: unitName } },
  isAuxiliary: ({ tier }) => tier !== 'database',
  explain: explainObserver,
}

function renderObserver(context: RenderContext): readonly Resource[] {
  return [
    { kind: 'directory', path: paths.program, owner: 'root', group: 'root', mode: '0755' },
    ...programs(context),
    { kind: 'directory', path: paths.certificates, owner: 'root', group: 'root', mode: '0755' },
    ...callerFiles(context, { name: 'observer', group: userOf(context.server.tier), paths: paths.caller }).map(
      (one): File => ({ ...one, onChange: 'restart' }),
    ),
    rootFile(paths.settings, renderSettings(context), { onChange: 'restart' }),
    rootFile(paths.unit, renderUnit(context.server), { onChange: 'restart' }),
    { kind: 'unit', name: unitName, state: 'running', unnoticed: true },
  ]
}

/** The program's modules. They use only Python's standard library, which is there because of Patroni. */
const modules = [
  '__main__.py',
  'decide.py',
  'establish.py',
  'requests.py',
  'etcd.py',
  'signs.py',
  'postgres.py',
] as const

function programs({ server }: RenderContext): readonly File[] {
  const { program: PROGRAM, settings: SETTINGS, requests: REQUESTS } = paths
  return [
    ...modules.map((name): File => ({
      ...placeProgram(import.meta.url, name, `${paths.program}/${name}`),
      mode: '0644',
      onChange: 'restart',
    })),
    ...(server.tier === 'database'
      ? [placeProgram(import.meta.url, 'establish-term', patroniPaths.establishTerm, { REQUESTS, PROGRAM, SETTINGS })]
      : []),
    placeProgram(import.meta.url, 'pre-remove', paths.preRemove, { UNIT: unitName, PROGRAM, SETTINGS }),
  ]
}
