import { sh, type Shell } from '../../shell/sh.ts'
import { type Drained, isDrained } from '../../stack/stack-state.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import type { HaproxyDetails } from './details.ts'
import { paths } from './paths.ts'
import { gateOf, type Upstream, upstreamsOf, placeholder } from './services.ts'
import { readStatistics, type Row } from './statistics.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** HAProxy's own statistics. */
export const askHaproxy = (): Shell => sh`${paths.ask} show stat 2>/dev/null || true`

/** One server of a backend, as this HAProxy sees it. */
export interface BackendServer {
  readonly name: string
  readonly state: 'UP' | 'DOWN' | 'DRAIN' | 'MAINT'
  /** Why it is down, in HAProxy's words. */
  readonly note?: string
  readonly requestsPerSecond: number
}

/** Well: every server behind it is up, or was drained on purpose; and the primary is up, where there is one. */
export function readHaproxy(
  answer: string,
  server: Server,
  stack: Stack,
  told: Drained,
): ComponentHealth<HaproxyDetails> {
  const rows = readStatistics(answer)
  if (rows.length === 0)
    return {
      state: 'down',
      note: `HAProxy does not answer → ${trimaran(`exec ${server.name} -- journalctl --namespace=+traffic -u haproxy -n 20`)}`,
    }
  const backends = upstreamsOf(server, stack).map((upstream) => ({
    upstream,
    servers: serversIn(rows, upstream).map((one) => setAside(one, told)),
  }))
  const gates = new Set(backends.map(({ upstream }) => gateOf(upstream)))
  const worries = backends.flatMap(({ upstream, servers }) => worryOf(upstream, servers) ?? [])
  const note = worries.map((worry) => worry.note).join('; ')
  return {
    state: strongest.find((state) => worries.some((worry) => worry.state === state)) ?? 'well',
    ...(note !== '' && { note }),
    details: {
      frontends: rows
        .filter(({ svname, pxname = '' }) => svname === 'FRONTEND' && pxname !== 'self' && !gates.has(pxname))
        .map(frontendOf),
      backends: backends.map(({ upstream, servers }) => ({ name: upstream.name, servers })),
    },
  }
}

/** A drained server reports itself that it gets no requests. */
const setAside = (one: BackendServer, told: Drained): BackendServer => {
  if (one.state !== 'DOWN' || !isDrained(told, one.name)) return one
  const { note: _note, ...rest } = one
  return { ...rest, state: 'DRAIN' }
}

const strongest = ['down', 'degraded'] as const

const frontendOf = ({ pxname, req_rate, rate, scur }: Row) => ({
  name: pxname ?? '',
  requestsPerSecond: Number(req_rate || rate || 0),
  sessions: Number(scur || 0),
})

const serversIn = (rows: readonly Row[], upstream: Upstream): readonly BackendServer[] => {
  const listed = rows
    .filter(
      ({ pxname, svname }) => pxname === upstream.name && !['BACKEND', 'FRONTEND', placeholder].includes(svname ?? ''),
    )
    .map(serverOf)
  if (upstream.endpoints === undefined) return listed
  const named = new Map(listed.map((one) => [one.name, one]))
  return upstream.servers.flatMap(({ name }) =>
    mergeEndpoints(
      name,
      upstream.endpoints!.list.flatMap((endpoint) => named.get(`${name}-${endpoint.name}`) ?? []),
    ),
  )
}

/** A server is usable while one of its endpoints is. */
function mergeEndpoints(name: string, endpoints: readonly BackendServer[]): readonly BackendServer[] {
  const best = endpoints.toSorted((a, b) => usefulness.indexOf(a.state) - usefulness.indexOf(b.state))[0]
  if (best === undefined) return []
  const requestsPerSecond = endpoints.reduce((sum, endpoint) => sum + endpoint.requestsPerSecond, 0)
  return [{ ...best, name, requestsPerSecond }]
}

const usefulness: readonly BackendServer['state'][] = ['UP', 'DRAIN', 'DOWN', 'MAINT']

function serverOf(row: Row): BackendServer {
  const state = (row.status ?? '').split(' ')[0]
  const known = state === 'UP' || state === 'DRAIN' || state === 'MAINT' ? state : 'DOWN'
  const reason = [row.last_chk || row.check_desc, row.check_code && `(${row.check_code})`].filter(Boolean).join(' ')
  return {
    name: row.svname ?? '',
    state: known,
    ...(known === 'DOWN' && reason !== '' && { note: reason }),
    requestsPerSecond: Number(row.rate || 0),
  }
}

interface Worry {
  readonly state: 'well' | (typeof strongest)[number]
  readonly note: string
}

function worryOf({ name, mode }: Upstream, servers: readonly BackendServer[]): Worry | undefined {
  const isUsable = servers.some(({ state }) => state === 'UP')
  if (mode === 'primary')
    return isUsable ? undefined : { state: 'down', note: 'no database server is primary right now' }
  const failed = servers.filter(({ state }) => state === 'DOWN')
  const named = failed
    .map((server) => `${server.name}${server.note === undefined ? '' : `: ${server.note}`}`)
    .join(', ')
  if (!isUsable) return { state: 'down', note: `no ${name} server can be used${named === '' ? '' : ` (${named})`}` }
  if (failed.length > 0) return { state: 'degraded', note: `not used: ${named}` }
  const aside = servers.filter(({ state }) => state !== 'UP').map((server) => server.name)
  return aside.length === 0 ? undefined : { state: 'well', note: `${aside.join(', ')} set aside on purpose` }
}
