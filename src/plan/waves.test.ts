import { rootFile } from '../components/root-file.ts'
import { componentWith } from '../components/testing/component.ts'
import { describe, expect, it } from 'vitest'
import { type Blueprint, emptyBlueprint, manifestOf } from '../blueprint/blueprint.ts'
import { fiveServers, nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { Observation } from '../observation/observation.ts'
import { handOverPath, pausePath, preRemovePath } from '../resources/state-folder.ts'
import type { Kind, Resource } from '../resources/resource.ts'
import { sh } from '../shell/sh.ts'
import type { Link, Stack } from '../stack/stack.ts'
import { createPlan } from './create-plan.ts'
import { stepsOf } from './plan.ts'
import { host } from './testing/sound-server.ts'
import { joinManifests } from '../resources/manifest.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const links: readonly Link[] = [
  { from: 'app', to: 'database', component: 'x', protocol: 'tcp', ports: [5432], why: '' },
  { from: 'database', to: 'database', component: 'x', protocol: 'tcp', ports: [5432], why: '' },
]
const one: Stack = { ...fiveServers([]), links }
const three: Stack = { ...nineServers([]), links }

const file = (path: string, content: string): Resource =>
  rootFile(path, content, path === '/etc/x.conf' ? { onChange: 'reload' } : {})
const restart = (wanted: string): Resource => ({
  kind: 'condition',
  name: 'X',
  action: 'restart',
  wanted,
  lowerOnLeaderFirst: ['a'],
  holds: sh`true`,
  make: sh`true`,
  disturbs: 'restart',
  reason: '',
})

const components = [
  componentWith('x', { leads: { tier: 'database', unit: 'x.service' }, preRemoves: { unit: 'x.service' } }),
  componentWith('pool', { pausesCalls: { tier: 'database' } }),
]

/** A database server whose daemon knows how to hand over and how to leave. */
const blueprint = (name: string, content: string, wanted = 'a=1'): Blueprint => ({
  server: serverNamed(three, name),
  parts: [
    {
      component: 'x',
      resources: [
        file('/etc/x.conf', content),
        file(handOverPath('x.service'), ''),
        file(preRemovePath('x.service'), ''),
        { kind: 'unit', name: 'x.service', state: 'running' },
        restart(wanted),
      ],
    },
  ],
})

/** What an app server has that can hold back what it asks of the database. */
const holding = { component: 'pool', resources: [file(pausePath('database'), '')] }

const bare: Observation = { host, resources: new Map(), manifest: [], health: new Map() }

function running(name: string, isLeader: boolean): Observation {
  const shown = { mode: '0644', owner: 'root', group: 'root' }
  const resources = new Map<Kind, ReadonlyMap<string, unknown>>([
    [
      'file',
      new Map([
        ['/etc/x.conf', { ...shown, content: 'old' }],
        [handOverPath('x.service'), { ...shown, content: '' }],
        [preRemovePath('x.service'), { ...shown, content: '' }],
      ]),
    ],
    ['unit', new Map([['x.service', { active: 'active', enabled: 'enabled', activated: new Map() }]])],
    ['condition', new Map([['X', { holds: true, remembered: 'a=1' }]])],
  ])
  const manifest = manifestOf(blueprint(name, 'old'))
  return { host, stack: 'guestbook', resources, manifest, health: new Map([['x', { state: 'well', isLeader }]]) }
}

/** Each wave with its steps, files left out. */
function told(stack: Stack, blueprints: readonly Blueprint[], answers: Readonly<Record<string, Observation>>) {
  const { waves } = createPlan(stack, blueprints, new Map(Object.entries(answers)), components)
  return waves.map(({ title, changes }) => {
    const steps = changes.flatMap(stepsOf).filter(({ kind }) => kind === 'unit' || kind === 'condition')
    return `${title} | ${steps.map(({ action, name }) => `${action} ${name}`).join(', ')}`
  })
}

describe('waves of a tier whose servers call each other', () => {
  it('tell those that serve of new ones before these join', () => {
    const blueprints = ['db-1', 'db-2', 'db-3'].map((name) => blueprint(name, 'new'))
    expect(told(three, blueprints, { 'db-1': running('db-1', true), 'db-2': bare, 'db-3': bare })).toEqual([
      'database: db-1 | reload x.service',
      'database: db-2, db-3 | start x.service, check X, start x.service, check X',
    ])
  })

  it('restart one by one, the leading one last and after it has handed over', () => {
    const blueprints = ['db-1', 'db-2', 'db-3'].map((name) => blueprint(name, 'old', 'a=2'))
    const answers = Object.fromEntries(['db-1', 'db-2', 'db-3'].map((name) => [name, running(name, name === 'db-1')]))
    expect(told(three, blueprints, answers).filter((wave) => wave.includes('restart'))).toEqual([
      'database: db-2 | restart X',
      'database: db-3 | restart X',
      'database: db-1 | restart X',
    ])
    expect(told(three, blueprints, answers)).toContain('hand over: db-1 | hand over x.service')
  })

  it('restart the leading one first, and in its place, where a limit gets lower', () => {
    const blueprints = ['db-1', 'db-2', 'db-3'].map((name) => blueprint(name, 'old', 'a=0'))
    const answers = Object.fromEntries(['db-1', 'db-2', 'db-3'].map((name) => [name, running(name, name === 'db-2')]))
    expect(told(three, blueprints, answers).filter((wave) => wave.includes('restart'))).toEqual([
      'database: db-2 | restart X',
      'database: db-1 | restart X',
      'database: db-3 | restart X',
    ])
  })

  it('have those who call them hold their requests back while the lead moves', () => {
    const caller: Blueprint = { server: serverNamed(three, 'app-1'), parts: [holding] }
    const blueprints = [caller, ...['db-1', 'db-2', 'db-3'].map((name) => blueprint(name, 'old', 'a=2'))]
    const answers = {
      'app-1': { ...bare, manifest: manifestOf(caller) },
      ...Object.fromEntries(['db-1', 'db-2', 'db-3'].map((name) => [name, running(name, name === 'db-1')])),
    }
    expect(told(three, blueprints, answers).slice(-6, -1)).toEqual([
      'before others wait for it: db-1 | check x.service',
      'pause requests: app-1 | pause requests to the database',
      'hand over: db-1 | hand over x.service',
      'resume requests: app-1 | resume requests to the database',
      'database: db-1 | restart X',
    ])
    const { waves } = createPlan(three, blueprints, new Map(Object.entries(answers)), components)
    expect(waves.filter(({ ends }) => ends === 2).map(({ title }) => title)).toEqual(['resume requests: app-1'])
    const held = waves.find(({ title }) => title === 'pause requests: app-1')!
    expect(held.changes[0]!.manifest).toEqual(manifestOf(caller))
  })

  it('step aside before anybody is told to do without them, and run pre-remove programs one by one', () => {
    const leaving = (name: string): Blueprint => {
      const aside = { ...blueprint(name, 'aside'), isDrained: true }
      return { ...emptyBlueprint(aside.server), aside }
    }
    const blueprints = [blueprint('db-1', 'new'), leaving('db-2'), leaving('db-3')]
    const answers = Object.fromEntries(['db-1', 'db-2', 'db-3'].map((name) => [name, running(name, name === 'db-2')]))
    expect(told(one, blueprints, answers)).toEqual([
      'step aside: db-3 | reload x.service',
      'hand over: db-2 | hand over x.service',
      'database: db-2 | reload x.service',
      'database: db-1 | reload x.service',
      'removed servers: db-3 | stop x.service',
      'removed servers: db-2 | stop x.service',
    ])
    const { waves } = createPlan(one, blueprints, new Map(Object.entries(answers)), components)
    expect(waves.at(-1)!.changes.flatMap(stepsOf)[0]!.apply.text).toContain(preRemovePath('x.service'))
  })

  it('know whose they are until they are cleared', () => {
    const gone = emptyBlueprint(serverNamed(three, 'db-2'))
    const observation = running('db-2', false)
    const manifest = joinManifests(observation.manifest, manifestFrom('stack file /var/lib/trimaran/stack'))
    const answers = new Map([
      ['db-1', running('db-1', true)],
      ['db-2', { ...observation, manifest }],
    ])
    const { waves } = createPlan(one, [blueprint('db-1', 'old'), gone], answers, components)
    const touching = waves.filter(({ changes }) => changes.some(({ server }) => server.name === 'db-2'))
    expect(touching.map(({ title }) => title)).toEqual(['removed servers: db-2'])
  })

  it('run no pre-remove program when the whole stack goes', () => {
    const blueprints = ['db-1', 'db-2', 'db-3'].map((name) => emptyBlueprint(serverNamed(three, name)))
    const answers = Object.fromEntries(['db-1', 'db-2', 'db-3'].map((name) => [name, running(name, name === 'db-1')]))
    const { waves } = createPlan(three, blueprints, new Map(Object.entries(answers)), components)
    const scripts = waves.flatMap(({ changes }) => changes.flatMap(stepsOf)).filter(({ kind }) => kind === 'unit')
    expect(scripts.every(({ apply }) => !apply.text.includes('/pre-remove/'))).toBe(true)
  })
})
