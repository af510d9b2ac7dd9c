import type { File, Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { serversOf, votes } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { callerFiles } from '../etcd/index.ts'
import { explainObserver } from './explain.ts'
import { observerDetails } from './details.ts'
import { askObserver, readObserver } from './health.ts'
import { linksOfObservers } from './links.ts'
import { places, unitName } from './places.ts'
import { placedByTrimaran } from '../placed.ts'
import { patroniPlaces } from '../patroni/index.ts'
import { program } from './program/index.ts'
import { renderSettings } from './render-settings.ts'
import { renderUnit, userOf } from './render-unit.ts'

/**
 * On each vote's server: sees in a second or two that the primary's server is gone, where Patroni alone waits for 20 s.
 * Why it can neither make two primaries nor lose a write: `docs/decisions/fast-failover.md`.
 */
export const observer: Component = {
  name: 'observer',
  belongsOn: (server, stack) =>
    serversOf(stack, 'database').length > 1 && votes(stack).some(({ name }) => name === server.name),
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
    ...Object.entries(program).map(([name, text]) => file(`${places.program}/${name}`, text, compiles)),
    ...(context.server.tier === 'database' ? [script(patroniPlaces.establishTerm, establishTerm)] : []),
    script(places.leave, leave),
    { kind: 'directory', path: places.certificates, owner: 'root', group: 'root', mode: '0755' },
    ...callerFiles(context, { name: 'observer', group: userOf(context.server.tier), places: places.caller }).map(
      (one): File => ({ ...one, onChange: 'restart' }),
    ),
    file(places.settings, renderSettings(context)),
    file(places.unit, renderUnit(context.server)),
    { kind: 'unit', name: unitName, state: 'running', unnoticed: true },
  ]
}

const establishTerm = `#!/bin/sh
${placedByTrimaran}
# Called by Patroni once it holds the leader key, before it promotes; unless this ends with 0, it gives the key back.
# The observer does it, since it runs already.
curl -q -s --fail-with-body --noproxy '*' --max-time 3 --unix-socket ${places.requests} http://observer/establish
case $? in 0) exit 0 ;; 22) exit 1 ;; esac
# It does not answer.
exec /usr/bin/python3 -BEs ${places.program}/establish.py ${places.settings}
`

const leave = `#!/bin/sh
${placedByTrimaran}
# Run before the observer is stopped for good: nothing is promised and nobody refused any more.
systemctl stop ${unitName}
RUNTIME_DIRECTORY=/run timeout 10 /usr/bin/python3 -BEs ${places.program} ${places.settings} leave
exit 0
`

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
