import { createHash } from 'node:crypto'
import type { File, Resource, Tree } from '../../resources/resource.ts'
import { sh, words } from '../../shell/sh.ts'
import type { Component, RenderContext } from '../component.ts'
import { isDrained } from '../../stack/stack-state.ts'
import { databaseFile } from './database-elsewhere.ts'
import { appFolder } from './app-folder.ts'
import { explainApp } from './explain.ts'
import { type AppDetails, appDetails } from './details.ts'
import { askApp, readApp } from './health.ts'
import { linksToApp } from './links.ts'
import { processesOf } from './processes.ts'
import { programs } from './programs.ts'
import { renderEnvironment } from './render-environment.ts'
import { askInFlight } from './in-flight.ts'
import { renderRetirement, renderTarget, renderTimer } from './render-slot.ts'
import { renderUnit } from './render-unit.ts'
import {
  looksNamesUp,
  mayNeedNames,
  namesConfigOf,
  namesPackage,
  namesPort,
  namesResources,
  namesUnit,
} from './names.ts'
import { renderNetworks, renderReachUnit, renderRules } from './reach.ts'
import { reachPaths, reachUnit } from './reach-paths.ts'
import { nodeFolders, runtimeResources } from './runtime.ts'
import {
  copiesIn,
  folderOf,
  onceProgram,
  retirementOf,
  slotNames,
  slotOf,
  targetOf,
  templateOf,
  timerOf,
} from './slots.ts'
import { rootFile } from '../root-file.ts'
import { fillWritable, remarkOnWritable, writableFolders } from './writable.ts'

/** The user's own program: a release in a slot, run as an unprivileged user, restarted whenever it ends. */
export const app: Component<AppDetails> = {
  name: 'app',
  belongsOn: (server) => server.tier === 'app',
  links: linksToApp,
  packages: ['ca-certificates', 'nftables'],
  packagesFor: (declared) => [
    ...(declared.app.runtime?.packages ?? []),
    ...(mayNeedNames({ declared }) ? [namesPackage] : []),
  ],
  owns: { ownUnits: ['app'], releases: [appFolder], users: ['app'], slots: ['app'] },
  listens: (server, stack) => [
    ...slotNames.flatMap((slot) =>
      copiesIn(slot, stack, server).flatMap(({ port, unit }) =>
        port === undefined ? [] : [{ port, unit, reach: 'network' as const }],
      ),
    ),
    ...(mayNeedNames(stack) ? [{ port: namesPort, unit: namesUnit, reach: 'loopback' as const }] : []),
  ],
  render: renderApp,
  health: {
    ask: askApp,
    read: (answer, server, _stack, told) => readApp(answer, server, told),
    details: appDetails,
    report: ({ release }) => ({ release: { serves: release } }),
  },
  roles: {
    drains: { askInFlight },
    holdsReleases: { tier: 'app', folder: appFolder, archive: 'app' },
    runsApp: {
      slots: 'app',
      slotFolder: (slot) => `${appFolder}/${slot}`,
      runInRelease: (file) => sh`${onceProgram} current --file ${file}`,
      isRuntime: (path) => path.startsWith(nodeFolders),
    },
  },
  explain: explainApp,
  remarks: remarkOnWritable,
}

function renderApp(context: RenderContext): readonly Resource[] {
  const { stack, server, facts } = context
  const processes = processesOf(stack)
  const isSomeAlone = processes.some(({ isAlone }) => isAlone)
  const { release, kept } = context.stackState
  const root = { owner: 'root', group: 'root' } as const
  return [
    ...runtimeResources(stack.declared.app.runtime, facts.architecture),
    ...(isSomeAlone ? [{ kind: 'package', name: 'postgresql-client-17' } as const] : []),
    { kind: 'user', name: 'app', home: '/var/cache/app' },
    { kind: 'directory', path: appFolder, mode: '0755', ...root },
    { kind: 'directory', path: `${appFolder}/releases`, mode: '0755', ...root },
    tree(release),
    ...kept.filter((older) => older !== release).map((older): Resource => ({ ...tree(older), optional: true })),
    { kind: 'symlink', path: `${appFolder}/current`, target: `releases/${release}`, onChange: 'restart' },
    ...slotNames.map(
      (slot) => ({ kind: 'symlink', path: folderOf(slot), target: `releases/${release}`, isInitial: true }) as const,
    ),
    ...writableFolders(stack),
    rootFile('/etc/trimaran/app.env', renderEnvironment(context), {
      group: 'app',
      mode: '0640',
      secret: true,
      onChange: 'restart',
    }),
    ...namesResources(context),
    ...reachFiles(context),
    ...databaseFile(context),
    ...programs(context),
    ...slotNames.flatMap((slot) => [
      ...processes.map((one) => unitFile(templateOf(slot, one), renderUnit(slot, one, context))),
      ...processes
        .filter(({ at }) => at !== undefined)
        .map((one) => unitFile(timerOf(slot, one), renderTimer(slot, one, context))),
      unitFile(targetOf(slot), renderTarget(slot, context)),
      unitFile(retirementOf(slot), renderRetirement(slot, context), {}),
    ]),
    ...releaseCommand(context),
    {
      kind: 'slots',
      name: 'app',
      slots: [slotOf('blue', context), slotOf('green', context)],
      deadlineSeconds: stack.declared.app.startTimeout,
      ...(isDrained(context.stackState, server.name) && { isAside: true }),
    },
    reachInForce(context),
  ]
}

/** Not a reason to switch slots: it changes with every server, and is loaded again while the app runs. */
const reachFiles = (context: RenderContext): readonly Resource[] => [
  rootFile(reachPaths.rules, renderRules(context), { check: checkRules }),
  rootFile(reachPaths.networks, renderNetworks(context)),
  unitFile(reachUnit, renderReachUnit(context), {}),
]

/** The user may not exist yet. */
const checkRules = sh`
  sed 's/skuid != "app"/skuid != 0/' "$file" >"$file.checked"
  verdict=0
  nft -c -f "$file.checked" || verdict=$?
  rm -f "$file.checked"
  [ "$verdict" = 0 ]
`

/** Of a config that named hosts before; its unit may be gone by now. */
const stopNames = sh`systemctl stop ${namesUnit} 2>/dev/null || [ $? = 5 ]`

const reachInForce = (context: RenderContext): Resource => ({
  kind: 'condition',
  name: 'what the app may call',
  action: 'create',
  reason: 'is not as the file says',
  disturbs: 'nothing',
  wanted: `rules=${createHash('sha256').update(renderRules(context)).update(renderNetworks(context)).update(namesConfigOf(context)).digest('hex')}`,
  holds: sh`${reachPaths.program} check`,
  make: sh`
    if systemctl is-active --quiet ${reachUnit}; then
      systemctl reload ${reachUnit}
      ${looksNamesUp(context) ? sh`systemctl restart ${namesUnit}` : stopNames}
    fi
    ${reachPaths.program} check || { systemctl daemon-reload; systemctl restart ${reachUnit}; }
    ${reachPaths.program} check
  `,
})

/**
 * It runs before the release serves anywhere, and after its environment is in place: it finds what the app would find, in the
 * folders that the app writes, too. Its output is in the journal, too.
 */
function releaseCommand({ stack, server, stackState: { release, commandOn } }: RenderContext): readonly Resource[] {
  const command = stack.declared.app.release
  if (command === undefined || commandOn !== server.name) return []
  const run = sh`
    set -o pipefail
    ${fillWritable(stack, release)}
    ${onceProgram} ${release} ${words([command])} 2>&1 | tee >(systemd-cat --namespace=app -t app -p info)
  `
  return [{ kind: 'command', name: 'release command', version: release, words: command, run }]
}

/** Owned by root: an attacker in the app cannot change its code. */
const tree = (release: string): Tree => ({
  kind: 'tree',
  path: `${appFolder}/releases/${release}`,
  payload: `release:${release}`,
  owner: 'root',
  isRun: true,
  // An empty slot still names the release that it ran last.
  uses: [{ link: '/srv/app/current' }, ...slotNames.map((slot) => ({ link: folderOf(slot), unit: targetOf(slot) }))],
})

const unitFile = (name: string, content: string, more: Partial<File> = { onChange: 'restart' }): File =>
  rootFile(`/etc/systemd/system/${name}`, content, {
    check: sh`systemd-analyze verify --man=no --recursive-errors=no "$file"`,
    ...more,
  })
