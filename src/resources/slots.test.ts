import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sh } from '../shell/sh.ts'
import type { Slot, Slots } from './resource.ts'
import type { Trigger } from './resource-kind.ts'
import { slotsKind } from './slots.ts'

const slot = (name: string): Slot => ({
  name,
  target: `app-${name}.target`,
  units: [`app-${name}-web@1.service`],
  timers: [],
  furnish: sh`furnish ${name}`,
  probe: sh`true`,
  enter: sh`enter ${name}`,
  leave: sh`leave ${name}`,
  shut: sh`shut ${name}`,
  answer: sh`answer ${name}`,
  why: sh`why ${name}`,
  warn: sh`warn ${name}`,
  asked: ' /up ',
  retirement: `app-${name}-retire.service`,
})
const app: Slots = { kind: 'slots', name: 'app', slots: [slot('blue'), slot('green')], deadlineSeconds: 60 }
const unit = (fingerprint: string): Trigger => ({
  path: '/etc/app.service',
  fingerprint,
  onChange: 'restart',
  changing: false,
})

interface Said {
  readonly active?: boolean
  readonly enabled?: boolean
  readonly retiring?: boolean
  readonly down?: boolean
  /** Fingerprint of what it was started with. */
  readonly told?: string
}

const stateOf = (unit: string, state: string): string => `Id=${unit}\nActiveState=${state}\n`
const statesOf = (name: string, said: Said): readonly string[] => [
  stateOf(`app-${name}.target`, said.active === true ? 'active' : 'inactive'),
  stateOf(`app-${name}-retire.service`, said.retiring === true ? 'activating' : 'inactive'),
  stateOf(`app-${name}-web@1.service`, said.down === true ? 'failed' : 'active'),
]
const blockOf = (name: string, said: Said): string =>
  [
    `\u001dslot app ${name} app-${name}.target app-${name}-retire.service app-${name}-web@1.service`,
    ...(said.enabled === true ? ['enabled=yes'] : []),
    `unit app-${name}.target`,
    ...(said.told === undefined ? [] : [`${said.told} /etc/app.service`]),
    '',
  ].join('\n')
const answerOf = (blue: Said, green: Said): string =>
  `${[...statesOf('blue', blue), ...statesOf('green', green)].join('\n')}${blockOf('blue', blue)}${blockOf('green', green)}`

const stepsFor = (blue: Said, green: Said, slots: Slots = app): readonly string[] =>
  slotsKind
    .close([slots], slotsKind.read(answerOf(blue, green)), { triggers: [unit('new')] })
    .map(({ action, reason }) => `${action}: ${reason}`)

const serving = { active: true, enabled: true } as const

it.each<readonly [string, Said, Said, readonly string[]]>([
  ['nothing runs', {}, {}, ['start: is not running as it should in its slot green']],
  ['all is well', { ...serving, told: 'new' }, {}, []],
  [
    'it runs with what was said before',
    { ...serving, told: 'old' },
    {},
    ['switch slot: from blue to green, for app.service', 'stop: blue has handed over to green'],
  ],
  [
    'the other way round',
    {},
    { ...serving, told: 'old' },
    ['switch slot: from green to blue, for app.service', 'stop: green has handed over to blue'],
  ],
  [
    'the old one still finishes its work',
    { active: true, retiring: true, told: 'old' },
    { ...serving, told: 'new' },
    [],
  ],
  [
    'it was cut off before the old one was sent off',
    { active: true, told: 'old' },
    { ...serving, told: 'new' },
    ['stop: still runs in its slot blue, too'],
  ],
  [
    'it was cut off before the new one was well',
    { ...serving, told: 'old' },
    { active: true },
    ['switch slot: from blue to green, for app.service', 'stop: blue has handed over to green'],
  ],
  [
    'a unit of it does not run',
    { ...serving, told: 'new', down: true },
    {},
    ['start: is not running as it should in its slot blue'],
  ],
  [
    'it would not start at boot',
    { active: true, told: 'new' },
    {},
    ['start: is not running as it should in its slot blue'],
  ],
  [
    'only one that retires is left',
    { active: true, retiring: true, told: 'old' },
    {},
    ['start: is not running as it should in its slot green'],
  ],
])('when %s', (_, blue, green, steps) => {
  expect(stepsFor(blue, green)).toEqual(steps)
})

it('starts the new one, and only then asks the old one to go', () => {
  const facts = slotsKind.read(answerOf({ ...serving, told: 'old' }, {}))
  const steps = slotsKind.close([app], facts, { triggers: [unit('new')] })
  expect(steps.map(({ action, phase }) => [action, phase])).toEqual([
    ['switch slot', undefined],
    ['stop', 'last'],
  ])
  const script = steps.map(({ apply, conclude }) => `${apply.text}\n${conclude?.text ?? ''}`).join('\n')
  const positions = [
    'start app-green.target',
    'enter green',
    'shut blue',
    'leave blue',
    'start --no-block app-blue-retire.service',
  ]
  expect(positions.map((words) => script.indexOf(words))).toEqual(
    positions.map((words) => script.indexOf(words)).toSorted((a, b) => a - b),
  )
  expect(positions.every((words) => script.includes(words))).toBe(true)
})

it.each([
  ['stays', '7', 0, /^$/],
  [
    'is started again meanwhile',
    '8',
    1,
    /^app came up in its slot green, then a process ended and was started again\nwhy green\n$/,
  ],
])('gives the old one up only where the new one %s', (_, later, code, said) => {
  const facts = slotsKind.read(answerOf({ ...serving, told: 'old' }, {}))
  const [switching] = slotsKind.close([app], facts, { triggers: [unit('new')] })
  const folder = mkdtempSync(join(tmpdir(), 'slots-'))
  // The end of the one piece, and the other; each command that changes a server says nothing here.
  const noted = switching!.apply.text.split('\n').findLast((line) => line.includes('slot-processes'))!
  const script = [
    'systemctl() { case $1 in show) echo "$process" ;; esac; }',
    'shut() { :; }',
    'why() { echo "why $*"; }',
    'process=7',
    noted,
    `process=${later}`,
    `( set -e; ${switching!.conclude!.text} )`,
  ].join('\n')
  const ran = spawnSync('bash', ['-c', script.replaceAll('/run/trimaran', folder)], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  expect(ran.stdout).toMatch(said)
  expect(ran.status, ran.stderr).toBe(code)
})

it('ends what runs on a drained server, and starts nothing', () => {
  const aside = { ...app, isAside: true }
  const reason = 'stop: this server is drained: it waits for open requests, and ends'
  expect(stepsFor({ ...serving, told: 'old' }, {}, aside)).toEqual([reason])
  expect(stepsFor({ active: true, retiring: true }, {}, aside)).toEqual([])
  expect(stepsFor({}, {}, aside)).toEqual([])
  // Off, and would start with the server.
  expect(stepsFor({ enabled: true }, {}, aside)).toEqual([reason])
})
