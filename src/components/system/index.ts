import type { Resource } from '../../resources/resource.ts'
import type { Component, RenderContext } from '../component.ts'
import { explainSystem } from './explain.ts'
import { systemDetails } from './details.ts'
import { askSystem, readSystem } from './health.ts'
import { kernelSettings } from './kernel-settings.ts'
import { clockFile, kernelFile, upgradeHourFile } from './render-files.ts'
import { journalResources } from './render-journals.ts'

/** Where another server is asked for a sign of life that has nothing to do with what Trimaran placed there. */
export const sshPort = 22

/** What every server has, whatever its tier: kernel settings, a clock, a bounded journal, an hour for upgrades. */
export const system: Component = {
  name: 'system',
  belongsOn: () => true,
  links: () => [
    {
      from: 'servers',
      to: 'servers',
      component: 'sshd',
      protocol: 'tcp',
      ports: [sshPort],
      why: 'before an unreachable machine is replaced, the other servers ask whether it lives',
    },
  ],
  // curl and procps: probes, health questions and kernel settings rely on them.
  packages: ['chrony', 'curl', 'procps'],
  listens: () => [],
  render: renderSystem,
  health: { ask: askSystem, read: readSystem, details: systemDetails },
  explain: explainSystem,
}

function renderSystem(context: RenderContext): readonly Resource[] {
  const settings = kernelSettings(context)
  return [
    kernelFile(settings),
    ...settings.map(({ name, value }): Resource => ({ kind: 'kernel-setting', name, value: String(value) })),
    clockFile(),
    upgradeHourFile(context.server),
    { kind: 'unit', name: 'chrony.service', state: 'running', unnoticed: true, stays: true },
    ...journalResources(context.server),
  ]
}
