import type { File, Resource, Tree } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import type { Component, RenderContext } from '../component.ts'
import { doorPath } from '../haproxy/index.ts'
import { explainApp } from './explain.ts'
import { askApp, readApp } from './health.ts'
import { processesOf } from './processes.ts'
import { renderEnvironment } from './render-environment.ts'
import { renderRetireProgram, renderRetirement, renderTarget } from './render-slot.ts'
import { renderUnit } from './render-unit.ts'
import { runtimeResources } from './runtime.ts'
import {
  copiesIn,
  retireProgram,
  retirementOf,
  servicePlaces,
  slotNames,
  slotOf,
  targetOf,
  templateOf,
} from './slots.ts'

/** The user's own program: a release in a slot, as a user without rights, restarted whenever it ends. */
export const app: Component = {
  name: 'app',
  belongsOn: (server) => server.tier === 'app',
  links: (stack) => [
    {
      from: 'web',
      to: 'app',
      component: 'app',
      protocol: 'tcp',
      port: 3000,
      why: 'web servers pass on the requests that no static file answers',
      service: {
        name: 'app',
        mode: 'http',
        check: { method: 'GET', path: doorPath },
        places: { list: servicePlaces(stack), health: stack.declared.app.health },
      },
    },
  ],
  packages: ['ca-certificates'],
  listens: (_server, stack) =>
    slotNames.flatMap((slot) => copiesIn(slot, stack).map(({ port, unit }) => ({ port, unit }))),
  render: renderApp,
  health: { ask: (_server, stack) => askApp(stack), read: (answer, _server, stack) => readApp(answer, stack) },
  explain: explainApp,
}

function renderApp(context: RenderContext): readonly Resource[] {
  const { stack, facts } = context
  const { release, kept } = context.orders
  const root = { owner: 'root', group: 'root' } as const
  return [
    ...runtimeResources(stack.declared.app.runtime, facts.architecture),
    { kind: 'user', name: 'app', home: '/var/cache/app' },
    { kind: 'directory', path: '/srv/app', mode: '0755', ...root },
    { kind: 'directory', path: '/srv/app/releases', mode: '0755', ...root },
    tree(release),
    ...kept.filter((older) => older !== release).map((older): Resource => ({ ...tree(older), optional: true })),
    { kind: 'symlink', path: '/srv/app/current', target: `releases/${release}` },
    {
      ...file('/etc/trimaran/app.env', renderEnvironment(context)),
      group: 'app',
      mode: '0640',
      secret: true,
      onChange: 'restart',
    },
    { ...file(retireProgram, renderRetireProgram(stack)), mode: '0755', check: sh`bash -n "$file"` },
    ...slotNames.flatMap((slot) => [
      ...processesOf(stack).map((one) => unitFile(templateOf(slot, one), renderUnit(slot, one, context))),
      unitFile(targetOf(slot), renderTarget(slot, stack)),
      unitFile(retirementOf(slot), renderRetirement(slot, stack), {}),
    ]),
    {
      kind: 'slots',
      name: 'app',
      places: [slotOf('blue', stack), slotOf('green', stack)],
      deadlineSeconds: 60,
    },
  ]
}

/** Owned by root: an app that is broken into cannot change what it will be started from. */
const tree = (release: string): Tree => ({
  kind: 'tree',
  path: `/srv/app/releases/${release}`,
  payload: `release:${release}`,
  owner: 'root',
})

const unitFile = (name: string, content: string, more: Partial<File> = { onChange: 'restart' }): File => ({
  ...file(`/etc/systemd/system/${name}`, content),
  check: sh`systemd-analyze verify --man=no --recursive-errors=no "$file"`,
  ...more,
})

const file = (path: string, content: string): File => ({
  kind: 'file',
  path,
  content,
  owner: 'root',
  group: 'root',
  mode: '0644',
})
