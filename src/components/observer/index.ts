import type { File, Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { serversOf, etcdMembers } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { callerFiles } from '../etcd/index.ts'
import { explainObserver } from './explain.ts'
import { observerDetails } from './details.ts'
import { askObserver, readObserver } from './health.ts'
import { linksOfObservers } from './links.ts'
import { places, unitName } from './places.ts'
import { patroniPlaces } from '../patroni/index.ts'
import { readProgram } from '../program.ts'
import { renderSettings } from './render-settings.ts'
import { renderUnit, userOf } from './render-unit.ts'

/**
 * On each etcd member's server: sees in a second or two that the primary's server is gone, where Patroni alone waits for 20 s.
 * Why it can neither make two primaries nor lose a write: `docs/decisions/fast-failover.md`.
 */
export const observer: Component = {
  name: 'observer',
  belongsOn: (server, stack) =>
    serversOf(stack, 'database').length > 1 && etcdMembers(stack).some(({ name }) => name === server.name),
  links: linksOfObservers,
  packages: ['python3', 'nftables'],
  listens: () => [],
  render: renderObserver,
  health: { ask: askObserver, read: readObserver, details: observerDetails },
  isGuest: ({ tier }) => tier !== 'database',
  explain: explainObserver,
}

function renderObserver(context: RenderContext): readonly Resource[] {
  return [
    { kind: 'directory', path: places.program, owner: 'root', group: 'root', mode: '0755' },
    ...modules.map((name) => file(`${places.program}/${name}`, readProgram(import.meta.url, name), compiles)),
    ...(context.server.tier === 'database' ? [script(patroniPlaces.establishTerm, establishTerm())] : []),
    script(places.leave, leave()),
    { kind: 'directory', path: places.certificates, owner: 'root', group: 'root', mode: '0755' },
    ...callerFiles(context, { name: 'observer', group: userOf(context.server.tier), places: places.caller }).map(
      (one): File => ({ ...one, onChange: 'restart' }),
    ),
    file(places.settings, renderSettings(context)),
    file(places.unit, renderUnit(context.server)),
    { kind: 'unit', name: unitName, state: 'running', unnoticed: true },
  ]
}

/** The program: Python's standard library alone, which is there because of Patroni. */
const modules = [
  '__main__.py',
  'decide.py',
  'establish.py',
  'requests.py',
  'votes.py',
  'signs.py',
  'postgres.py',
] as const

const establishTerm = (): string =>
  readProgram(import.meta.url, 'establish-term', {
    REQUESTS: places.requests,
    PROGRAM: places.program,
    SETTINGS: places.settings,
  })

const leave = (): string =>
  readProgram(import.meta.url, 'leave', { UNIT: unitName, PROGRAM: places.program, SETTINGS: places.settings })

const script = (path: string, content: string): File => ({
  kind: 'file',
  path,
  content,
  owner: 'root',
  group: 'root',
  mode: '0755',
})

const compiles = sh`python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$file"`

function file(path: string, content: string, check?: File['check']): File {
  const owned = { owner: 'root', group: 'root', mode: '0644', onChange: 'restart' } as const
  return { kind: 'file', path, content, ...owned, ...(check !== undefined && { check }) }
}
