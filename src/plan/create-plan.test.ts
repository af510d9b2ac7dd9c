import { describe, expect, it } from 'vitest'
import type { Blueprint } from '../blueprint/blueprint.ts'
import { manifestOf } from '../blueprint/blueprint.ts'
import type { ComponentHealth } from '../components/component.ts'
import { rootFile } from '../components/root-file.ts'
import { fiveServers, serverNamed } from '../components/testing/stacks.ts'
import type { Answer, Observation } from '../observation/observation.ts'
import type { Kind, Resource } from '../resources/resource.ts'
import type { Link, Stack } from '../stack/stack.ts'
import { createPlan } from './create-plan.ts'
import { isEmpty, stepsOf } from './plan.ts'
import { host } from './testing/sound-server.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const chain: readonly Link[] = [
  { from: 'balancer', to: 'web', component: 'x', protocol: 'tcp', ports: [80], why: '' },
  { from: 'web', to: 'app', component: 'x', protocol: 'tcp', ports: [3000], why: '' },
  { from: 'app', to: 'database', component: 'x', protocol: 'tcp', ports: [5432], why: '' },
]
const stack: Stack = { ...fiveServers([]), links: chain }

const config = (content: string): Resource => rootFile('/etc/x.conf', content, { onChange: 'reload' })
const unit: Resource = { kind: 'unit', name: 'x.service', state: 'running' }

const blueprintOf = (name: string, content: string, more: readonly Resource[] = []): Blueprint => ({
  server: serverNamed(stack, name),
  parts: [{ component: 'x', resources: [config(content), ...more, unit] }],
})

const bare: Observation = { host, resources: new Map(), manifest: [], health: new Map() }

/** A server on which `x` runs with this content. */
function running(blueprint: Blueprint, content: string, health: ComponentHealth = { state: 'well' }): Observation {
  const file = { mode: '0644', owner: 'root', group: 'root', content }
  const resources = new Map<Kind, ReadonlyMap<string, unknown>>([
    ['file', new Map([['/etc/x.conf', file]])],
    [
      'unit',
      new Map([['x.service', { active: 'active', enabled: 'enabled', activated: new Map([['/etc/x.conf', 'old']]) }]]),
    ],
  ])
  return { host, stack: 'guestbook', resources, manifest: manifestOf(blueprint), health: new Map([['x', health]]) }
}

const planOf = (blueprints: readonly Blueprint[], answers: Readonly<Record<string, Answer>>) =>
  createPlan(stack, blueprints, new Map(Object.entries(answers)), [])

describe('createPlan', () => {
  const everywhere = stack.servers.map(({ name }) => blueprintOf(name, 'new'))

  it('changes who is called before who calls', () => {
    const answers = Object.fromEntries(stack.servers.map(({ name }) => [name, bare]))
    expect(planOf(everywhere, answers).waves.map(({ title }) => title)).toEqual([
      'database: db-1',
      'app: app-1',
      'web: web-1',
      'balancer: lb-1, lb-2',
    ])
  })

  it('changes the balancer that holds the address last', () => {
    const blueprints = ['lb-1', 'lb-2'].map((name) => blueprintOf(name, 'new'))
    const answers = {
      'lb-1': running(blueprints[0]!, 'old', { state: 'well', isLeader: true }),
      'lb-2': running(blueprints[1]!, 'old'),
    }
    expect(planOf(blueprints, answers).waves.map(({ title }) => title)).toEqual(['balancer: lb-2', 'balancer: lb-1'])
  })

  it('names and skips a server that does not answer', () => {
    const answers = Object.fromEntries(stack.servers.map(({ name }) => [name, bare as Answer]))
    const plan = planOf(everywhere, { ...answers, 'web-1': { unreachable: 'no route to host' } })
    expect(plan.unreachable).toEqual([{ server: 'web-1', why: 'no route to host' }])
    expect(plan.waves.map(({ title }) => title)).not.toContain('web: web-1')
  })

  it('says when the only server of a tier is restarted', () => {
    const restarting: Resource = { ...config('new'), path: '/etc/y.conf', onChange: 'restart' } as Resource
    const blueprint = blueprintOf('db-1', 'new', [restarting])
    const plan = planOf([blueprint], { 'db-1': running(blueprint, 'new') })
    expect(plan.warnings).toEqual([
      'db-1 restarts and is the only database server that serves: visitors will notice a short interruption',
    ])
  })

  it('is deterministic', () => {
    const answers = Object.fromEntries(stack.servers.map(({ name }) => [name, bare]))
    expect(JSON.stringify(planOf(everywhere, answers))).toBe(JSON.stringify(planOf(everywhere, answers)))
  })

  it('stops what nobody wants any more before all else, and removes its files after all else', () => {
    const blueprint = blueprintOf('app-1', 'new')
    const observation = {
      ...running(blueprint, 'new'),
      manifest: manifestFrom('y file /etc/y.conf', 'y unit y.service'),
    }
    const [change] = planOf([blueprint], { 'app-1': observation }).waves.flatMap(({ changes }) => changes)
    const steps = stepsOf(change!).map(({ action, name }) => `${action} ${name}`)
    expect(steps).toEqual(['stop y.service', 'reload x.service', 'remove /etc/y.conf'])
  })

  it('refuses a server that is not Debian 13, a full disk, and a server of another stack', () => {
    const blueprint = blueprintOf('app-1', 'new')
    const odd: Observation = {
      ...bare,
      stack: 'shop',
      host: { ...host, os: { id: 'debian', version: '12' }, diskFreeBytes: 1024 ** 2 },
    }
    expect(planOf([blueprint], { 'app-1': odd }).refusals.map(({ what }) => what)).toEqual([
      'debian 12, and Trimaran needs Debian 13',
      'only 1 MB of disk are free',
      'belongs to another stack already, shop',
    ])
  })

  it('is empty without differences', () => {
    expect(isEmpty(planOf([], {}))).toBe(true)
  })
})
