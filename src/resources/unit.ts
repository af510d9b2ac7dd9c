import { createHash } from 'node:crypto'
import { z } from 'zod'
import { lines, sh, type Shell } from '../shell/sh.ts'
import {
  type Activated,
  activatedSchema,
  askActivated,
  probeRow,
  readActivated,
  remember,
  untoldOf,
} from './activation.ts'
import { awaitProbe } from './await-probe.ts'
import type { Disturbance, Step, Unit } from './resource.ts'
import type { CloseContext, ResourceKind, Trigger } from './resource-kind.ts'
import { activatedFolder, handOverPath, preRemovePath } from './state-folder.ts'

export interface UnitFact {
  readonly active: string
  readonly enabled: string
  /** Fingerprint by path of what the unit was last started or reloaded with. */
  readonly activated: Activated
}

const usualDeadlineSeconds = 30

/**
 * systemd units. What a unit was last started or reloaded with is remembered on the server, so that a unit whose files
 * were changed, but which was never told (the operator's connection broke in between), is told by the next `up`.
 */
export const unitKind: ResourceKind<Unit, UnitFact> = {
  kind: 'unit',
  runs: ({ active }) => active === 'active',
  phase: 'run',
  plural: 'units',
  describe: ({ action, name }) => `${action} ${name}`,
  summarise: (steps, isNew) => steps.map(({ action, name }) => `${verbOf(action, isNew)} ${name}`).join(', '),
  // What was there before Trimaran is its operator's, and what is masked does not run.
  unitsOf: ({ name, state, stays }) => (state === 'running' && stays !== true ? [name] : []),
  name: (resource) => resource.name,
  ask: (resources) => sh`
    ${askActivated(resources.map(({ name }) => name))}
    printf 'states\n'
    systemctl show -p Id -p ActiveState -p UnitFileState ${resources.map(({ name }) => name)} 2>/dev/null || true
  `,
  read: readUnits,
  fact: z.strictObject({
    active: z.string().regex(/^[a-z-]{1,20}$/),
    enabled: z.string().regex(/^[a-z-]{0,30}$/),
    activated: activatedSchema,
  }),
  isPlaced: (unit) => unit.stays !== true,
  close: (desired, facts, context) => desired.flatMap((unit) => closeOne(unit, facts.get(unit.name), context)),
  remove: (name, { staying }) => ({
    kind: 'unit',
    name,
    action: 'stop',
    reason: 'is no longer declared',
    disturbs: 'restart',
    apply: lines([
      staying === undefined ? sh`` : preRemove(name, staying),
      sh`
        systemctl disable --quiet --now ${name} 2>/dev/null || systemctl unmask --quiet ${name} 2>/dev/null || true
        rm -f ${`${activatedFolder}/${name}`}
      `,
    ]),
  }),
}

/** What stops on a server that serves nobody yet is what Debian would start by itself. */
const verbOf = (action: Step['action'], isNew: boolean): string =>
  action === 'stop' ? (isNew ? 'masks' : 'stops') : `${action}s`

const preRemoveDeadlineSeconds = 180
/** What hands over may first wait for long connections to end. */
const handOverDeadlineSeconds = 780

/** A unit that others count on leaves in its own way, which its component has placed on the server. */
const preRemove = (name: string, staying: readonly string[]): Shell => sh`
  if [ -x ${preRemovePath(name)} ]; then timeout ${preRemoveDeadlineSeconds} ${preRemovePath(name)} ${staying}; fi
`

/** Hands over to another server, one of those named. Does nothing where this server does not lead. */
export const handOver = (name: string, reason: string, candidates: readonly string[]): Step => ({
  kind: 'unit',
  name,
  action: 'hand over',
  reason,
  disturbs: 'reload',
  serves: true,
  apply: sh`timeout ${handOverDeadlineSeconds} ${handOverPath(name)} ${candidates}`,
})

/** What can be done before a hand-over so that it takes less time: nobody is disturbed by it yet. */
export const prepareHandOver = (name: string): Step => ({
  kind: 'unit',
  name,
  action: 'check',
  reason: 'what it has not yet written is written before others wait for it',
  disturbs: 'nothing',
  apply: sh`timeout ${preRemoveDeadlineSeconds} ${handOverPath(name)} --prepare`,
})

function readUnits(answer: string): ReadonlyMap<string, UnitFact> {
  const [remembered = '', states = ''] = answer.split(/^states$/m)
  const activated = readActivated(remembered)
  return new Map(
    states
      .trim()
      .split('\n\n')
      .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/=(.*)/).slice(0, 2))))
      .filter((block): block is Record<string, string> => block['Id'] !== undefined)
      .map((block) => [
        block['Id']!,
        {
          active: block['ActiveState'] ?? 'unknown',
          enabled: block['UnitFileState'] ?? '',
          activated: activated.get(block['Id']!) ?? new Map(),
        },
      ]),
  )
}

function closeOne(unit: Unit, fact: UnitFact | undefined, context: CloseContext): readonly Step[] {
  if (unit.state === 'masked') return fact?.enabled === 'masked' ? [] : [mask(unit)]
  const isRunning = fact?.active === 'active' || fact?.active === 'reloading'
  if (!isRunning) return [start(unit, fact, context.triggers)]
  const untold = untoldOf(fact.activated, context.triggers)
  if (untold.length > 0) return [notify(unit, untold, context.triggers)]
  if (fact.activated.get(probeRow) !== fingerprintOfProbe(unit)) return [check(unit, context.triggers)]
  return isEnabled(fact) ? [] : [enable(unit)]
}

const isEnabled = (fact: UnitFact): boolean => ['enabled', 'static', 'alias', 'generated'].includes(fact.enabled)

function mask({ name, reason = 'would start something that others manage; it is masked' }: Unit): Step {
  return {
    kind: 'unit',
    name,
    action: 'stop',
    reason,
    disturbs: 'nothing',
    apply: sh`systemctl mask --quiet --now ${name}`,
    rollBack: sh`systemctl unmask --quiet ${name}`,
  }
}

function enable({ name }: Unit): Step {
  return {
    kind: 'unit',
    name,
    action: 'change',
    reason: 'would not start at boot',
    disturbs: 'nothing',
    apply: sh`systemctl enable --quiet ${name}`,
  }
}

function start(unit: Unit, fact: UnitFact | undefined, triggers: readonly Trigger[]): Step {
  return {
    kind: 'unit',
    name: unit.name,
    action: 'start',
    reason: fact === undefined || fact.active === 'inactive' ? 'is not running' : `is ${fact.active}`,
    // Something that does not run serves nobody: starting it is noticed by nobody.
    disturbs: 'nothing',
    serves: unit.unnoticed !== true,
    apply: lines([
      sh`
        ${fact?.enabled === 'masked' ? sh`systemctl unmask --quiet ${unit.name}` : sh``}
        systemctl daemon-reload
        systemctl enable --quiet ${unit.name}
        systemctl reset-failed ${unit.name} 2>/dev/null || true
        systemctl start ${unit.name} || { tell_of ${unit.name}; exit 1; }
      `,
      becomesWell(unit),
      remember(unit.name, [...triggers, probeRowOf(unit)]),
    ]),
    ...(unit.look !== undefined && { look: unit.look }),
    rollBack: sh`systemctl disable --quiet --now ${unit.name}`,
    settle: sh`systemctl daemon-reload`,
  }
}

/** Reloads or restarts a running unit, by the strongest wish among what it was not told of. */
function notify(unit: Unit, untold: readonly Trigger[], triggers: readonly Trigger[]): Step {
  const how: Exclude<Disturbance, 'nothing'> = untold.some(({ onChange }) => onChange === 'restart')
    ? 'restart'
    : 'reload'
  const act = sh`
    systemctl daemon-reload
    systemctl ${how} ${unit.name} || { tell_of ${unit.name}; exit 1; }
  `
  // Drop-ins of several daemons may have one name.
  const names = [...new Set(untold.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))]
  return {
    kind: 'unit',
    name: unit.name,
    action: how,
    reason: untold.some(({ changing }) => changing)
      ? `for ${names.join(', ')}`
      : `still runs with what ${names.join(', ')} said before`,
    disturbs: unit.unnoticed === true ? 'nothing' : how,
    serves: unit.unnoticed !== true,
    apply: lines([act, becomesWell(unit), remember(unit.name, [...triggers, probeRowOf(unit)])]),
    ...(unit.look !== undefined && { look: unit.look }),
    settle: lines([act, becomesWell(unit)]),
  }
}

/** Asks a running unit the question by which it is now checked, before its callers begin to ask it too. */
function check(unit: Unit, triggers: readonly Trigger[]): Step {
  return {
    kind: 'unit',
    name: unit.name,
    action: 'check',
    reason: 'is checked by another probe than before',
    disturbs: 'nothing',
    serves: unit.unnoticed !== true,
    // It runs already, so it needs no time to come up.
    apply: lines([becomesWell({ ...unit, deadlineSeconds: 10 }), remember(unit.name, [...triggers, probeRowOf(unit)])]),
  }
}

const becomesWell = ({ name, probe, deadlineSeconds = usualDeadlineSeconds }: Unit): Shell =>
  awaitProbe(name, [name], probe ?? sh`systemctl is-active --quiet ${name}`, deadlineSeconds)

const probeRowOf = (unit: Unit) => ({ path: probeRow, fingerprint: fingerprintOfProbe(unit) })

/** What a unit remembers of the probe that it was checked by. */
export const fingerprintOfProbe = ({ probe }: Unit): string =>
  createHash('sha256')
    .update(probe?.text ?? '')
    .digest('hex')
    .slice(0, 16)
