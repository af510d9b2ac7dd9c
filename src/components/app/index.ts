import type { Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import type { Stack } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { explainApp } from './explain.ts'
import { askApp, readApp } from './health.ts'
import { renderSharedEnvironment, renderSlotEnvironment } from './render-environment.ts'
import { renderUnit } from './render-unit.ts'
import { runtimeResources } from './runtime.ts'
import { slots } from './slots.ts'

const { port, unit, environmentPath, path: slotPath } = slots.blue

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
      port,
      why: 'web servers pass on the requests that no static file answers',
      service: { name: 'app', mode: 'http', check: { method: 'GET', path: stack.declared.app.health } },
    },
  ],
  packages: ['ca-certificates'],
  listens: () => [{ port, unit }],
  render: renderApp,
  health: { ask: (_server, stack) => askApp(stack), read: (answer, _server, stack) => readApp(answer, stack) },
  explain: explainApp,
}

function renderApp(context: RenderContext): readonly Resource[] {
  const { release, stack, facts } = context
  const root = { owner: 'root', group: 'root' } as const
  return [
    ...runtimeResources(stack.declared.app.runtime, facts.architecture),
    { kind: 'user', name: 'app', home: '/var/cache/app' },
    { kind: 'directory', path: '/srv/app', mode: '0755', ...root },
    { kind: 'directory', path: '/srv/app/releases', mode: '0755', ...root },
    // Owned by root: an app that is broken into cannot change what it will be started from.
    { kind: 'tree', path: `/srv/app/releases/${release}`, payload: `release:${release}`, owner: 'root' },
    { kind: 'symlink', path: '/srv/app/current', target: `releases/${release}` },
    { kind: 'symlink', path: slotPath, target: `releases/${release}`, onChange: 'restart' },
    {
      kind: 'file',
      path: '/etc/systemd/system/app@.service',
      content: renderUnit(context),
      mode: '0644',
      ...root,
      check: sh`systemd-analyze verify --man=no --recursive-errors=no "$file"`,
      onChange: 'restart',
    },
    environmentFile('/etc/trimaran/app.env', renderSharedEnvironment(context)),
    environmentFile(environmentPath, renderSlotEnvironment(port)),
    { kind: 'unit', name: unit, state: 'running', probe: probe(stack), deadlineSeconds: 60 },
  ]
}

function environmentFile(path: string, content: string): Resource {
  return { kind: 'file', path, content, owner: 'root', group: 'app', mode: '0640', secret: true, onChange: 'restart' }
}

/** Well is what the sidecars take for well: an answer below 400, within two seconds. */
const probe = (stack: Stack) =>
  sh`curl -fsS -o /dev/null -m 2 ${`http://127.0.0.1:${port}${stack.declared.app.health}`}`
