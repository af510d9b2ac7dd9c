import type { File, Resource } from '../../resources/resource.ts'
import { lines, sh, type Shell } from '../../shell/sh.ts'
import type { Component, RenderContext } from '../component.ts'
import { closeDoors, doorPath, doorPortOf, doorsOf, judgeDoors, openDoors, renderDoorProgram } from './doors.ts'
import { explainHaproxy } from './explain.ts'
import { askHaproxy, readHaproxy } from './health.ts'
import { pagesOf } from './pages.ts'
import { places, publicPort, selfPort } from './places.ts'
import { renderConfig } from './render-config.ts'
import { renderDropIn } from './render-drop-in.ts'
import { renderAliveScript, renderReloadScript } from './render-scripts.ts'
import { calleesOf } from './services.ts'

export { closeDoors, doorPath, doorPortOf, openDoors }
export { readSeen, type Seen, watchServer } from './watch-server.ts'
export const doorProgram = places.doors

/** The way to the next tier: on balancers for visitors, on web and app servers for their neighbour on the same server. */
export const haproxy: Component = {
  name: 'haproxy',
  belongsOn: (server) => server.tier !== 'database',
  links: () => [
    {
      from: 'visitors',
      to: 'balancer',
      component: 'haproxy',
      protocol: 'tcp',
      port: publicPort,
      why: 'visitors come in over HTTP',
    },
  ],
  packages: ['haproxy'],
  listens: (server, stack) =>
    [
      selfPort,
      ...(server.tier === 'balancer' ? [publicPort] : []),
      ...calleesOf(server, stack).flatMap(({ mode, port, replicas }) =>
        mode === 'primary' ? [port, ...(replicas === undefined ? [] : [replicas.port])] : [],
      ),
      ...doorsOf(server, stack).map(({ doorPort }) => doorPort),
    ].map((port) => ({ port, unit: 'haproxy.service' })),
  render: renderHaproxy,
  health: { ask: askHaproxy, read: readHaproxy },
  explain: explainHaproxy,
}

function renderHaproxy(context: RenderContext): readonly Resource[] {
  return [
    ...pagesOf(context.server.tier).map(({ path, content }) => file(path, content, { onChange: 'reload' })),
    file(places.alive, renderAliveScript(), { mode: '0755', check: sh`bash -n "$file"` }),
    file(places.doors, renderDoorProgram(), { mode: '0755', check: sh`perl -c "$file" 2>&1` }),
    file(places.reload, renderReloadScript(), { mode: '0755', check: sh`perl -c "$file" 2>&1` }),
    file(places.config, renderConfig(context), { check: checkConfig(context), onChange: 'reload' }),
    file(places.dropIn, renderDropIn(), { onChange: 'restart' }),
    { kind: 'unit', name: 'haproxy.service', state: 'running', probe: sh`${places.alive}` },
  ]
}

const checkConfig = ({ server, stack }: RenderContext): Shell =>
  lines([judgeConfig(pagesOf(server.tier).map(({ path }) => path)), judgeDoors(server, stack)])

/** HAProxy reads the pages, too: the new version of each where one is staged, else the one that is in place. */
const judgeConfig = (pages: readonly string[]): Shell => sh`
  cp "$file" "$file.judged"
  for page in ${pages}; do
    staged=\${file%${places.config}}$page
    [ ! -e "$staged" ] || sed -i "s|$page|$staged|" "$file.judged"
  done
  verdict=0
  words=$(haproxy -c -f "$file.judged" 2>&1) || verdict=$?
  rm -f "$file.judged"
  [ "$verdict" = 0 ] || { printf '%s\n' "$words"; exit 1; }
`

function file(path: string, content: string, more: Partial<File>): File {
  return { kind: 'file', path, content, owner: 'root', group: 'root', mode: '0644', ...more }
}
