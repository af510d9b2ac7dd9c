import type { Resource } from '../../resources/resource.ts'
import { lines, sh, type Shell } from '../../shell/sh.ts'
import { serversOf, type Stack } from '../../stack/stack.ts'
import { tiers } from '../../stack/tiers.ts'
import type { Component, Listening, RenderContext } from '../component.ts'
import {
  closeReadiness,
  readinessPath,
  readinessPortOf,
  readinessOf,
  checkReadiness,
  openReadiness,
  shutReadiness,
} from './readiness.ts'
import { explainHaproxy } from './explain.ts'
import { type HaproxyDetails, haproxyDetails } from './details.ts'
import { askHaproxy, readHaproxy } from './health.ts'
import { pagePathsOf, pagesOf } from './pages.ts'
import { leavesDatabases } from './lasting-backends.ts'
import { paths, publicPort, selfPort } from './paths.ts'
import { luaOn, programs } from './programs.ts'
import { renderConfig } from './render-config.ts'
import { renderDropIn } from './render-drop-in.ts'
import { renderEnds } from './render-ends.ts'
import { peersPort } from './render-rate-limit.ts'
import { upstreamsOf } from './services.ts'
import { speaksHttp } from './tune.ts'
import { reportRouting } from './details.ts'
import { routes } from './watch-server.ts'
import { rootFile } from '../root-file.ts'

export { closeReadiness, readinessPath, readinessPortOf, openReadiness, shutReadiness }
export const readinessProgram = paths.readiness
/** Tells how the HAProxy here sees a server that it calls, or one endpoint of it. */
export const watchProgram = paths.watch
/** Where it says from which address it calls others. */
export const haproxyConfig = paths.config
/** Prints HAProxy's answer to a command of its socket. */
export const askProgram = paths.ask

/** Leads to the next tier: on balancers for visitors, on web and app servers for nginx and the app. */
export const haproxy: Component<HaproxyDetails> = {
  name: 'haproxy',
  belongsOn: ({ tier }, stack) => tiers[tier].routesOn(stack),
  links: (stack) => [
    {
      from: 'visitors',
      to: 'balancer',
      component: 'haproxy',
      protocol: 'tcp',
      ports: [publicPort],
      why: 'visitors come in over HTTP',
    },
    ...(isLimitShared(stack)
      ? ([
          {
            from: 'balancer',
            to: 'balancer',
            component: 'haproxy',
            protocol: 'tcp',
            ports: [peersPort],
            why: 'balancers tell each other how many requests each address sent',
          },
        ] as const)
      : []),
  ],
  packages: ['haproxy'],
  owns: { daemons: ['haproxy'] },
  listens: (server, stack) => [
    ...openTo('loopback', [
      selfPort,
      ...upstreamsOf(server, stack).flatMap(({ mode, port, replicas }) =>
        mode === 'primary' ? [port, ...(replicas === undefined ? [] : [replicas.port])] : [],
      ),
    ]),
    ...(server.tier === 'balancer' ? openTo('network', [publicPort]) : []),
    ...(server.tier === 'balancer' && stack.declared.balancer.rateLimit !== undefined
      ? openTo(isLimitShared(stack) ? 'network' : 'loopback', [peersPort])
      : []),
    ...openTo(
      'network',
      readinessOf(server, stack).map(({ readinessPort }) => readinessPort),
    ),
  ],
  render: renderHaproxy,
  health: { ask: askHaproxy, read: readHaproxy, details: haproxyDetails, report: reportRouting },
  roles: { routes },
  explain: explainHaproxy,
}

const openTo = (reach: Listening['reach'], ports: readonly number[]): readonly Listening[] =>
  ports.map((port) => ({ port, unit: 'haproxy.service', reach }))

/** Whether balancers share their counters. */
export const isLimitShared = (stack: Pick<Stack, 'servers' | 'declared'>): boolean =>
  stack.declared.balancer.rateLimit !== undefined && serversOf(stack, 'balancer').length > 1

function renderHaproxy(context: RenderContext): readonly Resource[] {
  return [
    ...pagesOf(context).map(({ path, content }) => rootFile(path, content, { onChange: 'reload' })),
    ...programs(context),
    ...(speaksHttp(context.server) ? [rootFile(paths.ends, renderEnds(), { onChange: 'reload' })] : []),
    rootFile(paths.config, renderConfig(context), { check: checkConfig(context), onChange: 'reload' }),
    rootFile(paths.dropIn, renderDropIn(), { onChange: 'restart' }),
    { kind: 'unit', name: 'haproxy.service', state: 'running', probe: sh`${paths.alive}` },
  ]
}

const checkConfig = (context: RenderContext): Shell =>
  lines([
    checkWithPages([
      ...pagePathsOf(context.server.tier),
      ...luaOn(context.server.tier).map(({ path }) => path),
      ...(speaksHttp(context.server) ? [paths.ends] : []),
      ...(leavesDatabases(context.server, context.stack) ? [paths.leave] : []),
    ]),
    checkReadiness(context),
  ])

/** HAProxy reads the pages and its Lua, too: the staged version where there is one, else the current one. */
const checkWithPages = (pages: readonly string[]): Shell => sh`
  cp "$file" "$file.checked"
  for page in ${pages}; do
    staged=\${file%${paths.config}}$page
    [ ! -e "$staged" ] || sed -i "s|$page|$staged|" "$file.checked"
  done
  verdict=0
  words=$(haproxy -c -f "$file.checked" 2>&1) || verdict=$?
  rm -f "$file.checked"
  [ "$verdict" = 0 ] || { printf '%s\n' "$words"; exit 1; }
`
