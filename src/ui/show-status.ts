import { trimaran } from '../speech/suggested-command.ts'
import type { State } from '../components/component.ts'
import type { ComponentStatus, ServerStatus, StatusReport } from '../status/summarise.ts'
import { listRuns, wrapText } from '../explain/text.ts'
import { columns } from './columns.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import type { Tone } from './tone.ts'

type Paint = (tone: Tone) => (text: string) => string

const paints: Readonly<Record<State, Paint>> = {
  well: (tone) => tone.green,
  drained: (tone) => tone.cyan,
  unknown: (tone) => tone.yellow,
  degraded: (tone) => tone.yellow,
  down: (tone) => tone.red,
}

export interface StatusPage {
  /** Columns; what is wider goes on in the next line. */
  readonly width?: number
  /** Only what says it all: servers that are alike in one row, and no tables about what they say of each other. */
  readonly isBrief?: boolean
}

/** What state the stack is in, who leads, each server, and how the balancers see those behind them. */
export function showStatus(report: StatusReport, tone: Tone, { width, isBrief = false }: StatusPage = {}): string {
  return [
    headOf(report, tone, width),
    isBrief ? foldedServersTable(report, tone, width) : serversTable(report, tone, width),
    isBrief ? '' : databaseTable(report, tone),
    isBrief ? '' : backendsTable(report, tone),
    [showCauses(report.notes, tone, width), showNotes(report.servers, tone, width)]
      .filter((one) => one !== '')
      .join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n')
}

/** The same on a screen of so many rows, whatever the size of the stack: what does not fit is counted. */
export function fitStatus(report: StatusReport, tone: Tone, { width, rows }: { width: number; rows: number }): string {
  const whole = showStatus(report, tone, { width })
  if (linesOf(whole).length <= rows) return whole
  const brief = linesOf(showStatus(report, tone, { width, isBrief: true }))
  if (brief.length <= rows) return brief.join('\n')
  const left = brief.length - rows + 1
  return [...brief.slice(0, rows - 1), tone.dim(`… ${left} more lines: ${trimaran('status')} shows them`)].join('\n')
}

const linesOf = (text: string): readonly string[] => text.split('\n')

function headOf(report: StatusReport, tone: Tone, width = Infinity): string {
  const { balancer, database } = report
  const holder =
    balancer.holders.length > 1 ? `${balancer.holders.join(' and ')} at once` : (balancer.holder ?? 'nobody')
  // A single balancer is visited at its own address, which nobody can take over.
  const isFloating = report.servers.every(({ address }) => address !== report.address)
  const leader =
    database.leaders.length > 1 ? `${database.leaders.join(' and ')}, two at once` : (database.leader ?? 'nobody')
  return columns(
    [
      [tone.bold(report.stack), paint(report.state, tone)],
      [
        'address',
        isFloating
          ? `${report.address}, held by ${holder}`
          : `${report.address}, the own address of ${holder}, no failover`,
      ],
      ...(database.members.length === 0 ? [] : [['database', `led by ${leader}`]]),
      ...visitorsOf(report, tone),
      ['traffic', `${report.requestsPerSecond} requests/s`],
      ...maintenanceOf(report, tone),
      ...rollingOf(report, tone),
    ],
    { width, wraps: [1] },
  )
}

/** What a visitor meets now; while the site is closed on purpose, the line below says so. */
function visitorsOf({ visitors, maintenance }: StatusReport, tone: Tone): readonly (readonly string[])[] {
  if (visitors === undefined || maintenance !== undefined) return []
  const { isServed, isWell, answer, from } = visitors
  const who = from === 'this computer' ? '' : `, asked from ${from}`
  if (isWell) return [['visitors', `${tone.green('served')}${who === '' ? '' : `, seen from ${from}`}`]]
  return [['visitors', `${isServed ? tone.yellow('answered') : tone.red('not served')}: the address ${answer}${who}`]]
}

/** It is on purpose, and so no alarm; but nobody must look for it long. */
function maintenanceOf({ maintenance }: StatusReport, tone: Tone): readonly (readonly string[])[] {
  if (maintenance === undefined) return []
  const { allow } = maintenance
  const exception = allow.length === 0 ? '' : `, but not from ${allow.join(', ')}`
  return [
    [
      'maintenance',
      `${tone.cyan('on')}: visitors see the maintenance page${exception} → ${trimaran('maintenance off')}`,
    ],
  ]
}

/** Tells an operator whose command was cut off, or the next operator, how to go on. */
function rollingOf({ rolling }: StatusReport, tone: Tone): readonly (readonly string[])[] {
  if (rolling === undefined) return []
  const { verb, servers, done } = rolling
  const next = servers.find((server) => !done.includes(server))
  const how = `${done.length} of ${servers.length} servers done${next === undefined ? '' : `, ${next} is next`}`
  return [[verb, `${tone.cyan(how)}; if no command is running → ${trimaran(verb)}`]]
}

function serversTable({ servers, balancer, database }: StatusReport, tone: Tone, width = Infinity): string {
  const leaders = new Set([...balancer.holders, ...database.leaders])
  const rows = servers.map((server) => [
    `${server.name}${leaders.has(server.name) ? ' *' : ''}`,
    server.address,
    paint(server.state, tone),
    componentsOf(server, tone),
  ])
  return columns([['SERVER', 'ADDRESS', 'STATE', 'COMPONENTS'].map(tone.dim), ...rows], { width, wraps: [3] })
}

/** A row for all servers of a tier that are in the same state with the same components. */
function foldedServersTable({ servers, balancer, database }: StatusReport, tone: Tone, width = Infinity): string {
  const leaders = new Set([...balancer.holders, ...database.leaders])
  const groups = Map.groupBy(servers, (server) =>
    JSON.stringify([server.tier, leaders.has(server.name), server.state, componentsOf(server, tone)]),
  )
  const rows = [...groups.values()].map((alike) => [
    `${listRuns(alike.map(({ name }) => name))}${leaders.has(alike[0]!.name) ? ' *' : ''}`,
    paint(alike[0]!.state, tone),
    componentsOf(alike[0]!, tone),
  ])
  return columns([['SERVERS', 'STATE', 'COMPONENTS'].map(tone.dim), ...rows], { width, wraps: [0, 2] })
}

function componentsOf({ components }: ServerStatus, tone: Tone): string {
  if (components.length === 0) return tone.dim('unknown')
  return components
    .map(({ name, state }) => (state === 'well' ? name : paints[state](tone)(`${name} ${state}`)))
    .join(', ')
}

/** Who leads, who follows how closely, and the state of etcd; with one server the head of the page says it all. */
function databaseTable({ database }: StatusReport, tone: Tone): string {
  const { members, etcd } = database
  if (members.length < 2) return ''
  const etcdStateOf = (server: string): string => {
    const member = etcd.members.find((one) => one.server === server)
    if (member === undefined) return ''
    return member.state === 'leader' || member.state === 'well' ? member.state : tone.red(member.state)
  }
  const rows = members.map((member) => [
    `${member.server}${member.server === database.leader ? ' *' : ''}`,
    member.role === 'unknown' ? tone.red(member.state) : member.role,
    member.sync ?? (member.role === 'replica' ? tone.red(member.state) : ''),
    member.lagBytes === undefined ? '' : `${formatBytes(member.lagBytes)}, ${(member.lagSeconds ?? 0).toFixed(1)} s`,
    String(member.timeline ?? ''),
    etcdStateOf(member.server),
  ])
  const others = etcd.members
    .filter(({ holdsData }) => !holdsData)
    .map(({ server }) => [server, tone.dim('etcd, no data'), '', '', '', etcdStateOf(server)])
  return columns([['DATABASE', 'ROLE', 'SYNC', 'BEHIND BY', 'TIMELINE', 'ETCD'].map(tone.dim), ...rows, ...others])
}

function backendsTable({ backends }: StatusReport, tone: Tone): string {
  if (backends.length === 0) return ''
  const balancers = [...new Set(backends.map(({ balancer }) => balancer))]
  const servers = [...new Set(backends.map(({ server }) => server))]
  const rows = servers.map((server) => [
    server,
    ...balancers.map((balancer) => {
      const state = backends.find((view) => view.server === server && view.balancer === balancer)?.state ?? '–'
      return state.toUpperCase() === 'UP' ? tone.green('up') : tone.red(state.toLowerCase())
    }),
  ])
  return columns([['BEHIND', ...balancers.map((name) => `${name} SEES`)].map(tone.dim), ...rows])
}

/** Who is called before those who call, and who does not answer at all before everybody: causes before what follows from them. */
const byCause = ['database', 'app', 'web', 'balancer'] as const

const causesFirst = (servers: readonly ServerStatus[]): readonly ServerStatus[] => {
  const rank = ({ tier, components }: ServerStatus): number =>
    (components.length === 0 ? 0 : byCause.length) + byCause.indexOf(tier)
  return servers.toSorted((one, other) => rank(one) - rank(other))
}

const showCauses = (notes: StatusReport['notes'], tone: Tone, width = Infinity): string =>
  notes.map(({ state, note }) => formatNote(state, note, tone, width)).join('\n')

/** Its further lines belong to it. */
const formatNote = (state: State, text: string, tone: Tone, width: number): string =>
  `${paints[state](tone)('!')} ${text
    .split('\n')
    .flatMap((line) => (line.length + 2 <= width ? [line] : wrapText(line, width - 2)))
    .join('\n  ')}`

/** A line for each server and component that is not well and says why. */
export function showNotes(servers: readonly ServerStatus[], tone: Tone, width = Infinity): string {
  const unwell = ({ state, note }: Pick<ComponentStatus, 'state' | 'note'>): boolean =>
    note !== undefined && note !== '' && state !== 'well'
  const note = (state: State, text: string): string => formatNote(state, text, tone, width)
  const rows = causesFirst(servers).flatMap((server) => [
    ...(unwell(server) ? [note(server.state, `${server.name} ${server.note!}`)] : []),
    ...server.components
      .filter(unwell)
      .map(({ name, state, note: what }) => note(state, `${server.name} ${name}: ${what!}`)),
  ])
  return rows.join('\n')
}

const paint = (state: State, tone: Tone): string => paints[state](tone)(state)
