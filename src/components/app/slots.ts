import type { Slot } from '../../resources/resource.ts'
import { point } from '../../resources/symlink.ts'
import { lines, sh, type Shell } from '../../shell/sh.ts'
import { isDrained } from '../../stack/stack-state.ts'
import { type Server, type Endpoint, serversOf, siteName, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { checkHealth, ownAddress } from '../health-check.ts'
import {
  closeReadiness,
  haproxyConfig,
  openReadiness,
  readinessPortOf,
  shutReadiness,
  watchProgram,
} from '../haproxy/index.ts'
import { appFolder } from './app-folder.ts'
import { copiesOf, type Process, processesOf } from './processes.ts'
import { fillWritable } from './writable.ts'

/** The two slots of an app server: a release runs in either. A change starts the new one beside the old one. */
export const slotNames = ['blue', 'green'] as const
export type SlotName = (typeof slotNames)[number]

/** Ends a slot once nobody is connected to it any more. */
export const retireProgram = '/usr/local/lib/trimaran/retire-app-slot'
/** Explains why a slot is not reached, or what would prevent the next release from starting. */
export const explainProgram = '/usr/local/lib/trimaran/explain-app-slot'
/** Runs a command once, as the app would run it. */
export const onceProgram = '/usr/local/lib/trimaran/run-in-release'
/** Runs a command on one server at a time. */
export const aloneProgram = '/usr/local/lib/trimaran/run-alone'

/** How many requests and connections a slot still had when the drain time ended; lost when the server restarts. */
export const cutFileOf = (slot: SlotName): string => `${cutFiles}${slot}`
/** How their names begin. */
export const cutFiles = '/run/trimaran-cut-'

/** The link to the release that runs in a slot; unchanged while anything of it runs there. */
export const folderOf = (slot: SlotName): string => `${appFolder}/${slot}`
export const targetOf = (slot: SlotName): string => `app-${slot}.target`
export const retirementOf = (slot: SlotName): string => `app-${slot}-retire.service`
/**
 * The template unit of all copies of one process in one slot; the instance name is the port of the copy, or its number.
 */
export const templateOf = (slot: SlotName, { name }: Process): string => `app-${slot}-${name}@.service`
export const timerOf = (slot: SlotName, { name }: Process): string => `app-${slot}-${name}.timer`

/** One running copy of a process, or the timer that starts it. */
export interface Copy {
  readonly process: Process
  readonly unit: string
  /** The port that it listens on, where it answers requests. */
  readonly port?: number
}

type Known = Pick<Stack, 'declared'>

/** All that runs in one slot of a server. */
export function copiesIn(slot: SlotName, stack: Known, server: Pick<Server, 'size'>): readonly Copy[] {
  return processesOf(stack).flatMap((one): readonly Copy[] => {
    if (one.at !== undefined) return [{ process: one, unit: timerOf(slot, one) }]
    return Array.from({ length: copiesOf(one, server) }, (_, position) => {
      const port = portOf(slot, one, position)
      const unit = templateOf(slot, one).replace('@', `@${port ?? position + 1}`)
      return { process: one, unit, ...(port !== undefined && { port }) }
    })
  })
}

/** Where a slot of a server answers requests. */
export const portsIn = (slot: SlotName, stack: Known, server: Pick<Server, 'size'>): readonly number[] =>
  copiesIn(slot, stack, server).flatMap(({ port }) => port ?? [])

/** Blue begins at a process's first port, green a hundred above. */
const portOf = (slot: SlotName, { firstPort }: Process, position: number): number | undefined =>
  firstPort === undefined ? undefined : firstPort + slotNames.indexOf(slot) * 100 + position

const escaped = (path: string): string => path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/**
 * They start at boot from then on. systemd does not reload its units for that, which would take longer than all the
 * rest.
 */
const startTimers = (timers: readonly string[]): Shell =>
  timers.length === 0 ? sh`` : sh`systemctl enable --quiet --no-reload --now ${timers}`
const stopTimers = (timers: readonly string[]): Shell =>
  timers.length === 0 ? sh`` : sh`systemctl disable --quiet --no-reload --now ${timers} 2>/dev/null || true`

/** A slot as the plan sees it, for the release that is to run. */
export function slotOf(
  name: SlotName,
  context: Pick<RenderContext, 'stack' | 'server' | 'facts' | 'stackState'>,
): Slot {
  const { stack, server, facts, stackState } = context
  const copies = copiesIn(name, stack, server)
  const ask = checkHealth(siteName(stack))
  const place = `http://${ownAddress(server, facts)}`
  // Processes that answer requests come first: if one does not come up, its output is what the operator looks for.
  const units = copies
    .filter(({ process: { at } }) => at === undefined)
    .toSorted((one, other) => Number(one.port === undefined) - Number(other.port === undefined))
    .map(({ unit }) => unit)
  const timers = copies.flatMap(({ process: { at }, unit }) => (at === undefined ? [] : [unit]))
  const answering = copies.flatMap(({ process: { health }, port }) => (port === undefined ? [] : [{ port, health }]))
  const ports = answering.map(({ port }) => port)
  return {
    name,
    target: targetOf(name),
    units,
    timers,
    furnish: lines([fillWritable(stack, stackState.release), point(folderOf(name), `releases/${stackState.release}`)]),
    // It is well when callers would find it well, and all other processes run.
    probe: lines([
      ...answering.map(
        ({ port, health }) => sh`
          words=$(${ask} -f -o /dev/null ${`${place}:${port}${health}`} 2>&1) ||
            { printf 'GET %s on port %s: %s\n' ${health} ${port} "$words"; exit 1; }
        `,
      ),
      sh`systemctl is-active --quiet ${units}`,
    ]),
    enter: lines([openReadiness(ports), startTimers(timers)]),
    // Scheduled processes run in the other slot from now on, or they would run twice.
    leave: lines([stopTimers(timers), closeReadiness(ports)]),
    shut: lines([stopTimers(timers), shutReadiness(ports)]),
    answer: lines(
      answering.map(
        ({ port, health }) => sh`
          body=$(${ask} -w '\n%{http_code}' ${`${place}:${port}${health}`} 2>&1)
          printf '%s %s: %s\n' ${`${health} on port ${port} answers`} "\${body##*$'\n'}" "$(tr '\n' ' ' <<<"\${body%$'\n'*}" | cut -c -200)"
        `,
      ),
    ),
    ...lookOf(name, context, answering),
    why: sh`${explainProgram} ${name} failed "$SECONDS"`,
    warn: sh`${explainProgram} ${name} serves "$SECONDS"`,
    asked: answering.map(({ health }) => `["= ]${escaped(health)}([" ?]|$)`).join('|') || '^$',
    retirement: retirementOf(name),
  }
}

/**
 * What web servers are asked once the slot is open: whether they use it, and get an answer there as visitors will. One that
 * did not use the other slot either has its own trouble, and cannot judge.
 */
function lookOf(
  name: SlotName,
  { stack, server, stackState }: Pick<RenderContext, 'stack' | 'server' | 'stackState'>,
  answering: readonly { readonly port: number; readonly health: string }[],
): Pick<Slot, 'look'> {
  const callers = serversOf(stack, 'web').filter((caller) => !isDrained(stackState, caller.name))
  if (callers.length === 0) return {}
  const other = slotNames.find((one) => one !== name)!
  const uses = (slot: SlotName, seconds: number): Shell =>
    sh`${watchProgram} ${`${server.name}-${slot}`} back ${seconds} 2>/dev/null | grep -q '^seen 1'`
  const ask = sh`
    [ -x ${watchProgram} ] || { echo absent it is not set up yet; exit; }
    from=$(sed -n 's/^ *source \([0-9.]*\)$/\1/p' ${haproxyConfig} | head -n 1)
    reach() { ${checkHealth(siteName(stack))} \${from:+--interface "$from"} -f -o /dev/null ${`http://${server.address}:`}"$1$2" 2>&1; }
    judge() {
      ${lines(
        answering.map(
          ({ port, health }) =>
            sh`words=$(reach ${port} ${health}) || { printf 'GET %s on port %s of %s: %s' ${health} ${port} ${server.name} "$words"; return 1; }`,
        ),
      )}
    }
    for try in 1 2 3; do words=$(judge) && break; sleep 0.3; done
    if [ -z "$words" ]; then
      if ${uses(name, 5)}; then echo yes; exit; fi
      words=${`its HAProxy sends nothing to slot ${name} of ${server.name}`}
    fi
    if ${uses(other, 1)}; then echo no "$words"; else echo absent "$words"; fi
  `
  return { look: { callers: callers.map((caller) => caller.name), ask } }
}

/**
 * Every endpoint of a process on an app server, in both slots. Where servers have different numbers of cores, the
 * endpoints that a smaller server lacks are never ready.
 */
export function endpointsOfProcess(one: Process, stack: Known & Pick<Stack, 'servers'>): readonly Endpoint[] {
  const most = Math.max(...serversOf(stack, 'app').map((server) => copiesOf(one, server)))
  return slotNames.flatMap((slot) =>
    Array.from({ length: most }, (_, position) => {
      const port = portOf(slot, one, position)!
      const copy = position + 1
      return { name: copy === 1 ? slot : `${slot}-${copy}`, copy, port, readinessPort: readinessPortOf(port) }
    }),
  )
}
