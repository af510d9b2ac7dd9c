import { components } from '../../../src/components/index.ts'
import { contextFor, type Counts, labStack, serverNamed } from '../../../src/components/testing/stacks.ts'
import { blueprintOf, leavingBlueprintOf } from '../../../src/engine/observe.ts'
import type { Answer, Observation } from '../../../src/observation/observation.ts'
import type { Blueprint } from '../../../src/blueprint/blueprint.ts'
import { planStateAlone } from '../../../src/plan/plan-state-alone.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { createPlan } from '../../../src/plan/create-plan.ts'
import { bareServer, soundServer } from '../../../src/plan/testing/sound-server.ts'
import type { UnitFact } from '../../../src/resources/unit.ts'
import type { FileFact } from '../../../src/resources/file.ts'
import { firstStackState, type StackState } from '../../../src/stack/stack-state.ts'
import type { Server, Stack } from '../../../src/stack/stack.ts'
import { createTone } from '../../../src/ui/tone.ts'
import { showPlan } from '../../../src/ui/show-plan.ts'

/** What there is before the change, and what is wanted. */
interface Scene {
  readonly before: Stack
  readonly after: Stack
  readonly state: StackState
  /** What the stack was told before, where that alone is to be placed. */
  readonly told?: StackState
  /** A server that comes back and missed what the others have. */
  readonly whole?: string
  readonly answers: ReadonlyMap<string, Answer>
}

type Line = (scene: Scene, ...words: readonly string[]) => Scene

/**
 * The words of a transcript. The first line sets a stack up; those that follow say what is otherwise on its servers, or what
 * the operator changes; each is one of these.
 */
const lines: readonly (readonly [pattern: RegExp, line: Line])[] = [
  [/^servers: (.+)$/, (_, counts = '') => setUp(countsOf(counts))],
  [/^all servers are new$/, (scene) => everyServer(scene, bareServer)],
  [/^(\S+) is new$/, (scene, name = '') => oneServer(scene, name, (_, server) => bareServer(server))],
  [
    /^(\S+) is unreachable: (.+)$/,
    (scene, name = '', why = '') => ({ ...scene, answers: new Map([...scene.answers, [name, { unreachable: why }]]) }),
  ],
  [/^(\S+) leads with (\S+)$/, (scene, name = '', component = '') => oneServer(scene, name, leadingWith(component))],
  [/^(\S+) belongs to (\S+)$/, (scene, name = '', stack = '') => oneServer(scene, name, (one) => ({ ...one, stack }))],
  [
    /^(\S+) runs (\S+) (\S+)$/,
    (scene, name = '', id = '', version = '') => oneServer(scene, name, running(id, version)),
  ],
  [
    /^(\S+) has port (\d+) held by (\S+) \((\S+)\)$/,
    (scene, name = '', port = '', process = '', unit = '') =>
      oneServer(scene, name, holding({ port: Number(port), process, unit })),
  ],
  [/^(\S+): (\/\S+) was changed by hand$/, (scene, name = '', path = '') => oneServer(scene, name, editing(path))],
  [/^(\S+): (\/\S+) was replaced by hand$/, (scene, name = '', path = '') => oneServer(scene, name, replacing(path))],
  [/^(\S+): (\S+) is stopped$/, (scene, name = '', unit = '') => oneServer(scene, name, stopping(unit))],
  [/^wanted: (.+)$/, (scene, counts = '') => ({ ...scene, after: labStack(components, countsOf(counts)) })],
  [
    /^drain (\S+)$/,
    (scene, name = '') => ({
      ...scene,
      told: scene.state,
      state: { ...scene.state, number: scene.state.number + 1, drained: [...scene.state.drained, name] },
    }),
  ],
  [
    /^undrain (\S+), which was excluded$/,
    (scene, name = '') => ({
      ...scene,
      told: { ...scene.state, drained: [name], excluded: [name] },
      state: { ...scene.state, number: scene.state.number + 1 },
      whole: name,
    }),
  ],
  [
    /^maintenance on$/,
    (scene) => ({
      ...scene,
      told: scene.state,
      state: { ...scene.state, number: scene.state.number + 1, maintenance: { allow: [] } },
    }),
  ],
  [
    /^deploy (\S+)$/,
    ({ state, ...scene }, release = '') => ({
      ...scene,
      state: { ...state, number: state.number + 1, release, kept: [release, ...state.kept] },
    }),
  ],
]

/** Reads the input of a transcript, and says what `plan` would. */
export function playTranscript(input: string): string {
  const shown = showPlan(planOfTranscript(input), { tone: createTone({ isTTY: false }, {}) })
  return `${shown === '' ? 'nothing to do' : shown}\n`
}

export function planOfTranscript(input: string): Plan {
  const words = input.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const scene = words.reduce<Scene | undefined>((before, text) => playLine(before, text), undefined)
  if (scene === undefined) throw new Error('a transcript begins with the servers')
  return planFor(scene)
}

function playLine(scene: Scene | undefined, text: string): Scene {
  for (const [pattern, line] of lines) {
    const [, ...found] = pattern.exec(text) ?? []
    if (pattern.test(text)) return line(scene!, ...found)
  }
  throw new Error(`a transcript cannot say: ${text}`)
}

function countsOf(text: string): Counts {
  const counts = Object.fromEntries(text.split(', ').map((one) => one.split(' ')))
  return Object.fromEntries(Object.entries(counts).map(([tier, count]) => [tier, Number(count)])) as unknown as Counts
}

function setUp(counts: Counts): Scene {
  const stack = labStack(components, counts)
  const state = firstStackState('20261122-120000-abc1234')
  const answers = new Map(
    stack.servers.map((server) => [server.name, soundServer(wanted(server, stack, state), stack.name)]),
  )
  return { before: stack, after: stack, state, answers }
}

const wanted = (server: Server, stack: Stack, stackState: StackState) =>
  blueprintOf(server, stack, components, { ...contextFor(stack, server.name), stackState })

function planFor({ before, after, state, told, whole, answers }: Scene) {
  const isNew = ({ name }: Server): boolean => before.servers.every((server) => server.name !== name)
  const removed = before.servers.filter(({ name }) => after.servers.every((server) => server.name !== name))
  const blueprintsFor = (stackState: StackState) => [
    ...after.servers.map((server) => wanted(server, after, stackState)),
    ...removed.map((server) =>
      leavingBlueprintOf(server, before, components, { ...contextFor(before, server.name), stackState }),
    ),
  ]
  const all = new Map([
    ...answers,
    ...after.servers.filter(isNew).map((server) => [server.name, bareServer(server)] as const),
  ])
  const plan = (blueprints: readonly Blueprint[]): Plan => createPlan(after, blueprints, all, components)
  const blueprints = blueprintsFor(state)
  return told === undefined
    ? plan(blueprints)
    : planStateAlone({ before: blueprintsFor(told), wanted: blueprints, whole }, all, plan)
}

function everyServer(scene: Scene, answerOf: (server: Server) => Answer): Scene {
  return { ...scene, answers: new Map(scene.before.servers.map((server) => [server.name, answerOf(server)])) }
}

function oneServer(scene: Scene, name: string, change: (one: Observation, server: Server) => Observation): Scene {
  const answer = scene.answers.get(name)
  if (answer === undefined || 'unreachable' in answer) throw new Error(`${name} says nothing that could be otherwise`)
  return { ...scene, answers: new Map([...scene.answers, [name, change(answer, serverNamed(scene.before, name))]]) }
}

const leadingWith =
  (component: string) =>
  (one: Observation): Observation => ({
    ...one,
    health: new Map([...one.health, [component, { state: 'well', isLeader: true }]]),
  })

const running =
  (id: string, version: string) =>
  (one: Observation): Observation => ({ ...one, host: { ...one.host, os: { id, version } } })

const holding =
  (held: { readonly port: number; readonly process: string; readonly unit: string }) =>
  (one: Observation): Observation => ({ ...one, host: { ...one.host, ports: [{ ...held, address: '0.0.0.0' }] } })

const editing = (path: string) =>
  changing<FileFact>('file', path, (fact) => ({ ...fact, content: `${fact.content}# by hand\n` }))

const replacing = (path: string) => changing<FileFact>('file', path, (fact) => ({ ...fact, content: '# by hand\n' }))

const stopping = (unit: string) => changing<UnitFact>('unit', unit, (fact) => ({ ...fact, active: 'inactive' }))

const changing =
  <Fact>(kind: 'file' | 'unit', name: string, change: (fact: Fact) => Fact) =>
  (one: Observation): Observation => {
    const facts = one.resources.get(kind)
    if (facts?.has(name) !== true) throw new Error(`there is no ${kind} ${name}`)
    const changed = new Map([...facts, [name, change(facts.get(name) as Fact)]])
    return { ...one, resources: new Map([...one.resources, [kind, changed]]) }
  }
