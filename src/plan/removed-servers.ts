import { having } from '../components/component.ts'
import type { Step } from '../resources/resource.ts'
import { lines, sh } from '../shell/sh.ts'
import { linksInto, type Server, type Stack } from '../stack/stack.ts'
import { isLeader } from './hand-over.ts'
import { bothManifests } from './pause.ts'
import type { ServerPlan, ServerChange, Wave } from './plan.ts'
import { stepAsideWaves, waveOf, type WaveContext } from './waves.ts'

/** A server that leaves the stack: how it is cleared in the end, and before that what a drained server would do. */
export interface RemovedServer extends ServerPlan {
  readonly aside: ServerChange
}

export interface RemovalContext extends WaveContext {
  readonly stack: Stack
  /** Every server that answered, as it is. */
  readonly present: readonly ServerPlan[]
}

/**
 * A removed server is drained first: its readiness fails, it hands over where it leads, and finishes its open requests.
 * Only then is it removed from the files of others. All removed servers at the same time; those that lead one by one.
 */
export function drainRemovedWaves(removed: readonly RemovedServer[], context: RemovalContext): readonly Wave[] {
  if (removed.length === 0) return []
  const stepping = removed.map(asItSteps)
  const [leading, others] = [stepping.filter(isLeading), stepping.filter((one) => !isLeading(one))]
  const quiet = others.map(({ change }) => change).filter(({ changes }) => changes.length > 0)
  return [
    ...waveOf('step aside', quiet),
    ...leading.flatMap((serverPlan) => stepAsideWaves(serverPlan.change.server.tier, serverPlan, context, 'leaves')),
    ...waveOf('wait for open requests', [
      ...removed.flatMap((one) => finishes(one, context)),
      ...context.present.flatMap((caller) => stopsCalling(caller, removed, context)),
    ]),
  ]
}

const isLeading = ({ observation }: ServerPlan): boolean => isLeader(observation)

/** What it had before stays in its manifest until it is cleared. */
function asItSteps({ aside: change, observation }: RemovedServer): ServerPlan {
  return { change: { ...change, manifest: bothManifests({ change, observation }) }, observation }
}

/** The server itself waits until its components say that nothing is left, or until the time is up. */
function finishes(removed: RemovedServer, { stack, components }: RemovalContext): readonly ServerChange[] {
  const { server } = removed.change
  return having(components, 'drains')
    .filter(({ component }) => component.belongsOn(server, stack))
    .map(({ component, role }) => {
      const step = waitStep(
        `the work of ${server.name}`,
        sh`
          ask() ( ${lines([role.askInFlight(server, stack)])}
          )
          deadline=$((SECONDS + ${patienceFor(server, stack)}))
          while ask 2>/dev/null | grep -q '^left [1-9]' && [ $SECONDS -lt $deadline ]; do sleep 0.3; done
        `,
      )
      return waiting(removed, component.name, [step])
    })
}

/** A caller that stays waits until it sends nothing there any more and has nothing open there. */
function stopsCalling(
  caller: ServerPlan,
  removed: readonly RemovedServer[],
  { stack, components }: RemovalContext,
): readonly ServerChange[] {
  const servers = removed.map(({ change }) => change.server)
  const called = servers.filter((server) => calls(caller.change.server, server, stack))
  if (called.length === 0 || servers.some(({ name }) => name === caller.change.server.name)) return []
  return having(components, 'routes')
    .filter(({ component }) => component.belongsOn(caller.change.server, stack))
    .map(({ component, role }) => {
      const steps = called.map((server) =>
        waitStep(`requests to ${server.name}`, role.watch(server.name, 'gone', patienceFor(server, stack))),
      )
      return waiting(caller, component.name, steps)
    })
}

const calls = (caller: Server, server: Server, stack: Stack): boolean =>
  linksInto(stack, server.tier).some(({ from, service }) => from === caller.tier && service !== undefined)

const waitStep = (name: string, apply: Step['apply']): Step => ({
  kind: 'unit',
  name,
  action: 'check',
  reason: 'they end before it leaves',
  disturbs: 'nothing',
  apply,
})

const waiting = (serverPlan: ServerPlan, component: string, steps: readonly Step[]): ServerChange => ({
  ...serverPlan.change,
  changes: [{ component, steps }],
  disturbs: 'nothing',
  isNew: false,
  manifest: bothManifests(serverPlan),
  adopts: [],
})

/** Beyond what connections get to end by themselves: neighbours notice, and processes end. */
const graceSeconds = 20

/** Seconds after which open connections of a drained server are cut. */
export const patienceFor = ({ tier }: Pick<Server, 'tier'>, { declared: { app } }: Pick<Stack, 'declared'>): number =>
  Math.ceil(app.drainTimeout) + (tier === 'app' ? Math.ceil(app.stopTimeout) : 0) + graceSeconds
