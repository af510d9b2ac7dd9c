import { journals } from '../journal.ts'
import type { Resource } from '../../resources/resource.ts'
import type { Component, RenderContext } from '../component.ts'
import { explainSystem } from './explain.ts'
import { type SystemDetails, systemDetails } from './details.ts'
import { askSystem, readSystem } from './health.ts'
import { linksOfServers } from './links.ts'
import { kernelSettings } from './kernel-settings.ts'
import { clockFile, kernelFile, upgradeHourFile } from './render-files.ts'
import { journalResources } from './render-journals.ts'

/** On every server of any tier: kernel settings, a clock, a bounded journal, an hour for upgrades. */
export const system: Component<SystemDetails> = {
  name: 'system',
  belongsOn: () => true,
  links: linksOfServers,
  // curl and procps: probes, health questions and kernel settings rely on them.
  packages: ['chrony', 'curl', 'procps'],
  owns: {
    units: ['chrony.service', ...Object.keys(journals).map((name) => `systemd-journald@${name}.service`)],
  },
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
