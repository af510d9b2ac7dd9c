import { z } from 'zod'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { type Activated, activatedSchema, askActivated, readActivated, remember, untoldOf } from './activation.ts'
import { awaitProbe } from './await-probe.ts'
import type { Slot, Slots, Step } from './resource.ts'
import type { CloseContext, ResourceKind, Trigger } from './resource-kind.ts'
import * as said from './said.ts'
import { runFolder } from './state-folder.ts'

/** What one of the two slots is doing. */
export interface SlotFact {
  readonly isActive: boolean
  /** True while it only finishes its last work. */
  readonly isRetiring: boolean
  readonly isEnabled: boolean
  /** Units of it that do not run. */
  readonly down: readonly string[]
  readonly activated: Activated
}

/** By the name of the place. */
export type SlotsFact = Readonly<Record<string, SlotFact>>

const nothing: SlotFact = { isActive: false, isRetiring: false, isEnabled: false, down: [], activated: new Map() }

/** Services with two slots. What a slot was last started with is remembered on the server, as for any unit. */
export const slotsKind: ResourceKind<Slots, SlotsFact> = {
  kind: 'slots',
  runs: (slots) => Object.values(slots).some(({ isActive }) => isActive),
  phase: 'run',
  isOfRelease: true,
  plural: 'slots',
  describe: ({ action, name }) =>
    action === 'switch slot' ? `switch the ${name} to its other slot` : `${action} ${name}`,
  summarise: (steps, isNew) => `${isNew ? '' : 'removes '}${steps.length} ${steps.length === 1 ? 'slot' : 'slots'}`,
  unitsOf: ({ slots }) =>
    slots.flatMap(({ target, retirement, units, timers }) => [target, retirement, ...units, ...timers]),
  name: (resource) => resource.name,
  ask: askAll,
  read: readSlots,
  fact: z.record(
    z.string().regex(/^[a-z]{1,20}$/),
    z.strictObject({
      isActive: z.boolean(),
      isRetiring: z.boolean(),
      isEnabled: z.boolean(),
      down: z.array(said.unitName).max(1000),
      activated: activatedSchema,
    }),
  ),
  close: (desired, facts, context) =>
    desired.flatMap((slots) => {
      const known = facts.get(slots.name)
      return closeOne(slots, (slot) => known?.[slot.name] ?? nothing, context)
    }),
  // Its units are files of the same component and go with them; what runs is stopped first.
  remove: (name) => ({
    kind: 'slots',
    name,
    action: 'stop',
    reason: 'is no longer declared',
    disturbs: 'restart',
    apply: sh`
      for target in $(systemctl list-unit-files --plain --no-legend ${`${name}-*.target`} | cut -d' ' -f1); do
        systemctl stop "\${target%.target}-retire.service" 2>/dev/null || true
        systemctl disable --quiet --now "$target"
        rm -rf /etc/systemd/system/"$target".wants
        rm -f /var/lib/trimaran/activated/"$target"
      done
    `,
  }),
}

/** One question for the states of all units, since each costs as much as all the rest. */
function askAll(all: readonly Slots[]): Shell {
  const slots = all.flatMap(({ name, slots }) => slots.map((slot) => ({ name, slot })))
  const units = slots.flatMap(({ slot }) => [slot.target, slot.retirement, ...slot.units, ...slot.timers])
  return sh`
    systemctl show -p Id -p ActiveState ${units} 2>/dev/null
    ${lines(slots.map(({ name, slot }) => askSlot(name, slot)))}
  `
}

const askSlot = (name: string, { name: slot, target, units, timers, retirement }: Slot): Shell => sh`
  printf '\x1dslot %s %s %s %s %s\n' ${name} ${slot} ${target} ${retirement} ${[...units, ...timers].join(' ')}
  for link in /etc/systemd/system/*.wants/${target}; do [ ! -L "$link" ] || echo enabled=yes; done
  ${askActivated([target])}
`

function readSlots(answer: string): ReadonlyMap<string, SlotsFact> {
  const [states = '', ...blocks] = answer.split('\u001dslot ')
  const stateOf = new Map(
    states.split('\n\n').map((block) => [/^Id=(.*)$/m.exec(block)?.[1], /^ActiveState=(.*)$/m.exec(block)?.[1] ?? '']),
  )
  const read = blocks.map((block) => {
    const [name = '', slot = '', target = '', retirement = '', ...units] = block
      .slice(0, block.indexOf('\n'))
      .split(' ')
    const remembered = readActivated(block.slice(block.indexOf('\nunit ') + 1))
    const fact: SlotFact = {
      isActive: stateOf.get(target) === 'active',
      isEnabled: /^enabled=yes$/m.test(block),
      isRetiring: ['active', 'activating'].includes(stateOf.get(retirement) ?? ''),
      down: units.filter((unit) => !['active', 'reloading'].includes(stateOf.get(unit) ?? '')),
      activated: [...remembered.values()][0] ?? new Map(),
    }
    return { name, slot, fact }
  })
  return new Map(
    [...Map.groupBy(read, ({ name }) => name)].map(([name, all]) => [
      name,
      Object.fromEntries(all.map(({ slot, fact }) => [slot, fact])),
    ]),
  )
}

/** Where it serves as it should, the other place only has to be empty; else the other place is the one to move to. */
function closeOne(slots: Slots, factOf: (slot: Slot) => SlotFact, { triggers }: CloseContext): readonly Step[] {
  const serving = slots.slots.filter((slot) => factOf(slot).isActive && !factOf(slot).isRetiring)
  if (slots.isAside === true)
    return slots.slots
      .filter((slot) => serving.includes(slot) || factOf(slot).isEnabled)
      .map((slot) => retire(slots, slot, 'this server is drained: it waits for open requests, and ends', true))
  // The last one first: an app that does not read its port listens on that of the first, as a rule, and would come up there.
  if (serving.length === 0)
    return [start(slots, slots.slots.findLast((slot) => !factOf(slot).isActive) ?? slots.slots[0], triggers)]
  const current = serving.find((slot) => untoldOf(factOf(slot).activated, triggers).length === 0)
  if (current === undefined) {
    const from = serving.find((slot) => factOf(slot).isEnabled) ?? serving[0]!
    return switchSlot(slots, from, otherThan(slots, from), untoldOf(factOf(from).activated, triggers), triggers)
  }
  const other = otherThan(slots, current)
  return [
    ...(factOf(current).down.length > 0 || !factOf(current).isEnabled ? [start(slots, current, triggers)] : []),
    ...(serving.includes(other) ? [retire(slots, other, `still runs in its slot ${other.name}, too`)] : []),
  ]
}

const otherThan = ({ slots }: Slots, slot: Slot): Slot => (slots[0] === slot ? slots[1] : slots[0])

function start(slots: Slots, slot: Slot, triggers: readonly Trigger[]): Step {
  return {
    kind: 'slots',
    name: slots.name,
    action: 'start',
    reason: `is not running as it should in its slot ${slot.name}`,
    // Something that does not run serves nobody: starting it is noticed by nobody.
    disturbs: 'nothing',
    serves: true,
    // Many apps migrate their database when they start. Two that do it at once get in each other's way.
    isTrial: true,
    apply: lines([
      sh`
        systemctl daemon-reload
        systemctl stop ${slot.retirement} 2>/dev/null || true
      `,
      comeUp(slots, slot, triggers),
      readUnitsSoon,
    ]),
    rollBack: sh`systemctl disable --quiet --now ${slot.target}`,
    settle: sh`systemctl daemon-reload`,
  }
}

/**
 * Brings the new one up beside the old one, and lets it serve. The old one stays as it is, not ready, until all
 * servers have done the same: rolling back is making it ready again.
 */
function switchSlot(
  slots: Slots,
  from: Slot,
  to: Slot,
  untold: readonly Trigger[],
  triggers: readonly Trigger[],
): readonly Step[] {
  const names = untold.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  const switching: Step = {
    kind: 'slots',
    name: slots.name,
    action: 'switch slot',
    reason: `from ${from.name} to ${to.name}, for ${names.join(', ')}`,
    disturbs: 'reload',
    serves: true,
    apply: lines([readUnits(untold), emptyOut(to), comeUp(slots, to, triggers), noteProcesses(to)]),
    // Both serve until a caller has said that it uses the new one.
    ...(to.look && { look: { ...to.look, why: to.why } }),
    conclude: lines([staysUp(slots, to), disable(from), from.shut]),
    // The old one was not asked to end before the new one served.
    rollBack: lines([
      sh`
        systemctl stop ${from.retirement} 2>/dev/null || true
        ${enable(from)}
        systemctl start ${from.target}
      `,
      from.enter,
      to.leave,
      sh`systemctl disable --quiet --now ${to.target}`,
    ]),
    settle: sh`systemctl daemon-reload`,
  }
  return [switching, retire(slots, from, `${from.name} has handed over to ${to.name}`)]
}

/** The processes of a slot as they were when it came up. */
const processesPath = `${runFolder}/slot-processes`
const processesOf = ({ units }: Slot): Shell => sh`systemctl show -p ExecMainPID --value ${units}`
const noteProcesses = (slot: Slot): Shell => sh`${processesOf(slot)} >${processesPath}`

/**
 * A command that ends soon is started again and again, and serves in between. It must run for a second at least, before the old
 * slot goes.
 */
const staysUp = (slots: Slots, slot: Slot): Shell => sh`
  until [ $(($(date +%s%3N) - $(date -r ${processesPath} +%s%3N))) -ge 1000 ]; do sleep 0.1; done
  if [ "$(${processesOf(slot)})" != "$(cat ${processesPath})" ]; then
    echo ${`${slots.name} came up in its slot ${slot.name}, then a process ended and was started again`}
    { ${slot.why}; } 2>/dev/null || true
    exit 1
  fi
`

/** What has handed over ends when all servers have done so; what steps aside does it in its own wave. */
function retire(slots: Slots, slot: Slot, reason: string, isAside = false): Step {
  return {
    kind: 'slots',
    name: slots.name,
    action: 'stop',
    reason,
    ...(isAside ? { disturbs: 'reload' } : { disturbs: 'nothing', phase: 'last' }),
    serves: true,
    apply: sh`
      ${disable(slot)}
      # Returns once callers know: from then on no request comes here.
      ${slot.leave}
      systemctl start --no-block ${slot.retirement}
      ${readUnitsSoon}
    `,
  }
}

/** Systemd starts what may be failing over and over; the probe tells when it serves. */
const comeUp = (slots: Slots, slot: Slot, triggers: readonly Trigger[]): Shell =>
  lines([
    sh`
      ${slot.furnish}
      rm -rf /etc/systemd/system/${slot.target}.wants
      systemctl reset-failed ${slot.units} 2>/dev/null || true
      systemctl start ${slot.target} ${slot.units} || { for unit in ${slot.units}; do tell_of "$unit"; done; exit 1; }
    `,
    awaitProbe(`${slots.name} in its slot ${slot.name}`, slot.units, slot.probe, slots.deadlineSeconds, {
      answer: slot.answer,
      asked: slot.asked,
      why: slot.why,
    }),
    slot.enter,
    sh`{ ${slot.warn}; } >>"$notes" 2>/dev/null || true`,
    remember(slot.target, triggers),
    enable(slot),
  ])

/** Whether it starts with the server. systemd would also read all units again, which costs more than the rest of the switch. */
const enable = ({ target }: Slot): Shell => sh`systemctl enable --quiet --no-reload ${target}`
const disable = ({ target }: Slot): Shell => sh`systemctl disable --quiet --no-reload ${target}`

/** Only where a unit is another one: it costs more than the rest of the switch. */
const readUnits = (untold: readonly Trigger[]): Shell =>
  untold.some(({ path }) => path.startsWith('/etc/systemd/')) ? sh`systemctl daemon-reload` : sh``

/** So that `systemctl status` does not warn about unread links; it runs in the background. */
const readUnitsSoon: Shell = sh`{ sleep 2; systemctl daemon-reload; } </dev/null >/dev/null 2>&1 &`

/** What the change before this one left there has nobody to serve any more, or was cut off half way. */
const emptyOut = (slot: Slot): Shell => sh`
  if systemctl is-active --quiet ${slot.target}; then
    ${slot.leave}
    systemctl start ${slot.retirement}
    # Or what it wanted would start again with it, before it serves.
    rm -rf /etc/systemd/system/${slot.target}.wants
    systemctl daemon-reload
  fi
`
