import { describe, expect, it } from 'vitest'
import { createBlueprint } from '../blueprint/blueprint.ts'
import { components } from '../components/index.ts'
import { contextFor, nineServers } from '../components/testing/stacks.ts'
import { askUnitFiles, namesOf, readUnitFiles } from './unit-files.ts'

describe('files of units', () => {
  it('are looked for under every name that systemd knows a unit by', () => {
    expect(namesOf('app-blue-web@3000.service')).toEqual([
      'app-blue-web@3000.service',
      'app-blue-web@.service',
      'app-.service',
      'app-blue-.service',
      'service',
    ])
    expect(namesOf('haproxy.service')).toEqual(['haproxy.service', 'service'])
  })

  it('are asked for of all that runs, and not of what was there before', () => {
    const stack = nineServers(components)
    const question = askUnitFiles(createBlueprint(components, contextFor(stack, 'db-1'))).text
    for (const unit of ['patroni.service', 'etcd.service', 'trimaran-observer.service'])
      expect(question).toContain(unit)
    for (const unit of ['chrony.service', 'postgresql.service']) expect(question).not.toContain(unit)
  })

  it('are read where they are plain paths in the folders that were asked for', () => {
    const good = '/etc/systemd/system/haproxy.service.d/override.conf'
    expect(
      readUnitFiles(`${good}\n/etc/shadow\n/etc/systemd/system/a\u001b[2J.conf\n\n/etc/systemd/system/$(x)\n`),
    ).toEqual([good])
    expect(readUnitFiles(`${good}\n`.repeat(10_000))).toHaveLength(200)
  })
})
