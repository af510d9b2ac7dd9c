import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { etcdMembers } from '../../stack/stack.ts'
import { contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { observer } from './index.ts'
import { timing } from './timing.ts'

const five = fiveServers([observer])
const nine = nineServers([observer])
/** Two database servers, with a third etcd member elsewhere. */
const two = { ...nine, servers: nine.servers.filter(({ name }) => name !== 'db-3') }

const filesOf = (stack: typeof five, name: string): readonly File[] =>
  observer.render(contextFor(stack, name)).filter((resource): resource is File => resource.kind === 'file')
const fileAt = (stack: typeof five, name: string, path: string): string =>
  filesOf(stack, name).find((file) => file.path.endsWith(path))!.content

describe('the observer', () => {
  it('renders its unit and its settings', async () => {
    await expect(fileAt(nine, 'db-2', '/system/trimaran-observer.service')).toMatchFileSnapshot(
      'goldens/nine-db-2.service',
    )
    await expect(fileAt(nine, 'db-2', '.json')).toMatchFileSnapshot('goldens/nine-db-2.json')
  })

  it('reads no clock that may jump', () => {
    const text = filesOf(nine, 'db-1')
      .flatMap(({ path, content }) => (path.endsWith('.py') ? [content] : []))
      .join('\n')
    expect(text).toContain('time.monotonic()')
    expect(text).not.toMatch(/time\.time\(|datetime|localtime|gmtime|CLOCK_REALTIME/)
  })

  it('belongs on the server of every etcd member, once there is a replica', () => {
    const hosts = (stack: typeof five) => stack.servers.filter((server) => observer.belongsOn(server, stack))
    expect(hosts(five)).toEqual([])
    expect(hosts(nine).map(({ name }) => name)).toEqual(['db-1', 'db-2', 'db-3'])
    expect(hosts(two).map(({ name }) => name)).toEqual(['lb-1', 'db-1', 'db-2'])
  })

  it('only agrees where there is no PostgreSQL, and probes where an etcd member may', () => {
    const witness = etcdMembers(two).find(({ tier }) => tier !== 'database')!
    const settings = JSON.parse(fileAt(two, witness.name, '.json')) as Record<string, unknown>
    expect(settings).toMatchObject({ postgres: false, askedPorts: { 'db-1': [2379, 2380], 'db-2': [2379, 2380] } })
    expect(fileAt(two, witness.name, '/system/trimaran-observer.service')).toContain('User=etcd')
  })

  it('probes only where a link lets it through', () => {
    const asked = (name: string) => (JSON.parse(fileAt(two, name, '.json')) as { askedPorts: unknown }).askedPorts
    expect(asked('db-1')).toEqual({ 'lb-1': [2379], 'db-2': [2379, 5432, 8008] })
  })

  it('ends a primary that hears nobody before the others may act', () => {
    expect(timing.standAsideSeconds).toBeLessThan(timing.deadlineSeconds)
  })

  it('explains what is true of this stack', () => {
    expect(observer.explain(serverNamed(nine, 'db-1'), nine).why).toContain('all replicas stop')
    expect(observer.explain(serverNamed(two, 'db-1'), two).why).toContain('the replica stops')
    const database = { ...nine.declared.database, failover: 'patient' as const }
    const patient = { ...nine, declared: { ...nine.declared, database } }
    expect(observer.explain(serverNamed(patient, 'db-1'), patient).why).toContain('leaves it at that')
    expect(observer.explain(serverNamed(patient, 'db-1'), patient).brings.redundancy).toContain('about 20 s')
    expect(fileAt(patient, 'db-1', '.json')).toContain('"failover": "patient"')
  })
})

describe('the health of the observer', () => {
  const read = (answer: string) => observer.health.read(answer, serverNamed(nine, 'db-2'), nine, { drained: [] })

  it('is well while it watches', () => {
    const answer = 'active\n{"watches": "db-1", "promised": false, "silent": false, "standsStill": null}'
    expect(read(answer)).toEqual({ state: 'well', details: { watches: 'db-1', promised: false } })
  })

  it('says why it would leave the primary alone', () => {
    const answer = 'active\n{"watches": "db-1", "standsStill": "no replica confirms writes yet"}'
    expect(read(answer).note).toBe('leaves failover to Patroni: no replica confirms writes yet')
  })

  it('is degraded while a promise holds', () => {
    const health = read('active\n{"watches": "db-1", "promised": true, "silent": true}')
    expect(health.state).toBe('degraded')
    expect(health.note).toContain('db-1 does not answer')
    expect(read('active\n{"watches": null, "promised": true, "silent": false}').note).toContain(
      'no primary has established',
    )
  })

  it('is degraded when it does not run, and says what that costs', () => {
    expect(read('failed\n')).toMatchObject({ state: 'degraded' })
    expect(read('').note).toContain('20 s')
  })
})
