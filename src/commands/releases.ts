import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildCommand } from '@stricli/core'
import { components } from '../components/index.ts'
import { observe } from '../engine/observe.ts'
import { newestPlacedState } from '../engine/newest-stack-state.ts'
import { isObservation, type Observation } from '../observation/observation.ts'
import { secondsOf } from '../release/name-release.ts'
import type { Server } from '../stack/stack.ts'
import { columns } from '../ui/columns.ts'
import { createOutput } from '../ui/output.ts'
import { type StackFlags, stackFlags } from './flags.ts'
import { openSession } from '../operations/session/open-session.ts'
import { revisionIn } from '../operations/release/run-hook.ts'

export interface KnownRelease {
  readonly release: string
  /** ISO time of its build. */
  readonly builtAt: string
  readonly revision: string
  readonly isCurrent: boolean
  /** Whether its deploy was cut off and not gone on with: going back does not lead there by itself. */
  readonly wasCutOff: boolean
  /** Names of servers that have it. */
  readonly servers: readonly string[]
  /** Whether this computer has it packed. */
  readonly isHere: boolean
}

export const releases = buildCommand({
  docs: { brief: 'List the releases that the servers keep, and which of them runs' },
  parameters: { flags: stackFlags },
  func: async (flags: StackFlags) => {
    const output = createOutput(flags.json)
    const session = await openSession(flags, 'find', output.tell)
    const { stack, connect, secrets, stateFolder } = session
    const asked = stack.servers.filter(({ tier }) => tier === 'app' || tier === 'web')
    const answers = await observe(asked, { stack, components, connect, secrets, tell: () => {}, patienceSeconds: 1 })
    const answered = asked.flatMap((server) => {
      const answer = answers.get(server.name)!
      return isObservation(answer) ? [{ server, observation: answer }] : []
    })
    const here = await readdir(join(stateFolder, 'releases')).catch(() => [])
    const known = listReleases(answered, here)
    output.printJson({ stack: stack.name, releases: known })
    const { tone } = output
    const rows = known.map(({ release, isCurrent, wasCutOff, builtAt, revision, servers, isHere }) => {
      const on = servers.length === asked.length ? 'all app and web servers' : servers.join(', ')
      return [
        isCurrent ? tone.green('▸') : ' ',
        isCurrent ? tone.bold(release) : release,
        when(builtAt),
        revision || tone.dim('no git'),
        `${on || tone.dim('no server')}${wasCutOff ? '; its deploy was cut off' : ''}`,
        isHere ? 'yes' : tone.dim('no'),
      ]
    })
    output.print(
      rows.length === 0
        ? `${stack.name} has no release yet: \`trimaran up\` makes the first one`
        : columns([[' ', 'RELEASE', 'BUILT', 'REVISION', 'ON', 'HERE'], ...rows]),
    )
    const unreachable = asked.filter((server) => answered.every((one) => one.server !== server)).map(({ name }) => name)
    if (unreachable.length > 0)
      output.print(
        `${tone.yellow('!')} ${unreachable.join(', ')} ${unreachable.length === 1 ? 'does' : 'do'} not answer`,
      )
  },
})

const when = (iso: string): string => new Date(iso).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' })

/** All releases that any server has, the newest first. */
export function listReleases(
  answered: readonly { readonly server: Server; readonly observation: Observation }[],
  here: readonly string[],
): readonly KnownRelease[] {
  const { release: current, unfinished = [] } = newestPlacedState(answered.map(({ observation }) => observation)) ?? {}
  const held = answered.flatMap(({ server, observation }) =>
    [...(observation.resources.get('tree')?.keys() ?? [])].flatMap((path) => {
      const [, release] = /^\/srv\/(?:app|web)\/releases\/([^/]+)$/.exec(path) ?? []
      return release === undefined ? [] : [{ release, server: server.name }]
    }),
  )
  const byRelease = Map.groupBy(held, ({ release }) => release)
  return [...byRelease]
    .toSorted(([a], [b]) => b.localeCompare(a))
    .map(([release, holders]) => ({
      release,
      builtAt: new Date(secondsOf(release) * 1000).toISOString(),
      revision: revisionIn(release),
      isCurrent: release === current,
      wasCutOff: unfinished.includes(release),
      servers: holders.map(({ server }) => server),
      isHere: here.includes(release),
    }))
}
