import type { Config } from '../config/schema.ts'

/** A section of the config that has servers is a tier; `tiers.ts` says what the house knows of each. */
export type TierName = {
  [Section in keyof Config]-?: Config[Section] extends { readonly servers: unknown } ? Section : never
}[keyof Config]

/** One machine of one tier. */
export interface Server {
  /** `lb-1`, `web-2`, `app-1`, `db-3`. */
  readonly name: string
  readonly tier: TierName
  /** 1 for the first of its tier. */
  readonly index: number
  /** The private IPv4 address at which its neighbours reach it. */
  readonly address: string
  /** How SSH is told to reach it: a host, `user@host`, or an alias of the SSH config. */
  readonly destination: string
  /** Stated size; where absent, tuning sees what the server itself reports. */
  readonly size?: ServerSize
}

export interface ServerSize {
  readonly cores?: number
  readonly memoryBytes?: number
}

/** The floating address that visitors use. */
export interface VirtualAddress {
  readonly address: string
  /** Bits of the network prefix, 24 for `/24`. */
  readonly prefixLength: number
  /** Where no VRRP is possible: the user's command, run on the balancer that takes over. */
  readonly move?: string
  /** The content of the script that `move` begins with, where that is a file of the project: it is placed there, too. */
  readonly moveScript?: string
}

/**
 * `servers` is every server of the stack, whatever its tier. The others are no servers of it: `visitors` of the site,
 * `operators` with SSH, and `outside`, which is any other computer.
 */
export type LinkEnd = TierName | 'servers' | 'visitors' | 'operators' | 'outside'

/** Allowed connections: from whom, to whom, all their ports, and a reason. Nothing else gets into a server, or out of it. */
export interface Link {
  readonly from: LinkEnd
  readonly to: TierName | 'servers' | 'outside'
  /** The servers of `from` that open them, by name, where not all of them do. */
  readonly openedBy?: readonly string[]
  /** The servers of `to` that accept them, by name, where not all of them do. */
  readonly acceptedBy?: readonly string[]
  /** Addresses and networks of an end that is not in the stack; any, where it is left out. */
  readonly addresses?: readonly string[]
  /** The users who may open them on a server; any, where it is left out. */
  readonly users?: readonly string[]
  /** The component that accepts them, or `sshd`, which was on the server before; to `outside`, the one that opens them. */
  readonly component: string
  readonly protocol: Protocol
  /** Every port at which callers may find it, those of both slots; only TCP and UDP have ports. */
  readonly ports: readonly number[]
  /** True where what opens it closes it at times, by rules of its own: that it is closed is no fault. */
  readonly isNarrowed?: true
  /** Why it must be allowed, in words for the operator. */
  readonly why: string
  /** Present where callers spread over, or choose among, the servers of `to` with their local HAProxy. */
  readonly service?: Service
}

/**
 * `vrrp` is IP protocol 112. `icmp` is what the network itself says: echoes, and which packets are too large. `dhcp` is a server's
 * asking for its own address, in both directions. `arp` is a datagram that nobody answers: the kernel asks the network for its receiver.
 * `any` is all that rules of its own let through.
 */
export type Protocol = 'tcp' | 'udp' | 'vrrp' | 'icmp' | 'dhcp' | 'arp' | 'any'

/** What a caller's HAProxy needs to know to choose a server of the tier that it calls. */
export interface Service {
  /** Name of the HAProxy backend and, on callers, of the local listening point: `web`, `app`, `database`. */
  readonly name: string
  /** Where it is called on a server, unless it has `endpoints`; on its callers, a `primary` is found at this port, too. */
  readonly port: number
  /** `http` spreads requests evenly and retries; `primary` sends connections to the one server that answers the check. */
  readonly mode: 'http' | 'primary'
  /** The HTTP request that tells whether a server may be used. The port is the service's own unless stated. */
  readonly check: { readonly method: 'GET' | 'OPTIONS'; readonly path: string; readonly port?: number }
  /**
   * Present where a server has several slots in which the service may run, such as the two slots of the app: callers list
   * each of them. The server's own HAProxy tells the readiness of each: whether it may be used now; it asks `health`.
   */
  readonly endpoints?: { readonly list: readonly Endpoint[]; readonly health: string }
  /** Present where only requests below these paths go to it; the tier's other `http` service gets the rest. */
  readonly paths?: readonly string[]
  /** True where a visitor stays with the server that first answered, found again by a cookie. */
  readonly isSticky?: boolean
  /** How many requests one slot works on at a time; more wait at the callers. Unless stated, as many as it can take. */
  readonly concurrency?: number
  /**
   * With `primary`: callers find a second local port, which spreads over the servers that answer this check, and leads to
   * the primary where none does.
   */
  readonly replicas?: { readonly port: number; readonly check: string }
}

/** One place on each server of a tier in which a service may run. */
export interface Endpoint {
  /** `blue`, or `blue-2` for the second copy there. */
  readonly name: string
  /** 1 for the first copy of a slot: who stays with a server stays with this copy there, in whichever slot. */
  readonly copy: number
  readonly port: number
  /** Where the server's own HAProxy says whether this place may be used. */
  readonly readinessPort: number
}

/** The meaning of one config: servers with names and addresses, and who may talk to whom. */
export interface Stack {
  readonly name: string
  readonly servers: readonly Server[]
  /** What the user declared, with every default filled in. */
  readonly declared: Config
  /** Absent with a single balancer that states none: visitors then use that balancer's own address. */
  readonly virtualAddress?: VirtualAddress
  readonly links: readonly Link[]
}

export const serversOf = (stack: Pick<Stack, 'servers'>, tier: TierName): readonly Server[] =>
  stack.servers.filter((server) => server.tier === tier)

/** Whether the stack has that tier: one that the file leaves out has no servers. */
export const hasTier = (stack: Pick<Stack, 'servers'>, tier: TierName): boolean => serversOf(stack, tier).length > 0

/** The tier whose servers run the release for visitors: the app servers or, for a site of files alone, the web servers. */
export const servingTier = (stack: Pick<Stack, 'servers'>): 'app' | 'web' => (hasTier(stack, 'app') ? 'app' : 'web')

/** Whether the app has a database that is not part of the stack: the user says where it is. */
export const hasDatabaseElsewhere = ({ declared: { app, database } }: Pick<Stack, 'declared'>): boolean =>
  database.servers === 0 &&
  (typeof app.env[databaseVariable] === 'string' || app.secrets.some(({ name }) => name === databaseVariable))

/** The variable in which the app finds its database. */
export const databaseVariable = 'DATABASE_URL'

/** Links between tiers that are there; whoever is not in the stack always is. */
export const linksAmong = (stack: Pick<Stack, 'servers'>, links: readonly Link[]): readonly Link[] =>
  links.filter((link) => [link.from, link.to].every((end) => isThere(stack, end)))

const isThere = (stack: Pick<Stack, 'servers'>, end: LinkEnd): boolean => (isTier(end) ? hasTier(stack, end) : true)

/** Whether an end of a link is one tier. */
export const isTier = (end: LinkEnd): end is TierName => !['servers', 'visitors', 'operators', 'outside'].includes(end)

/** Whether a tier has one server. */
export const isAlone = (stack: Pick<Stack, 'servers'>, tier: TierName): boolean => serversOf(stack, tier).length === 1

/** The other servers of the same tier. */
export const peersOf = (stack: Pick<Stack, 'servers'>, server: Server): readonly Server[] =>
  stack.servers.filter((other) => other.tier === server.tier && other.name !== server.name)

/** The links into a tier as such; those into `servers` go to each of its servers, too. */
export const linksInto = (stack: Pick<Stack, 'links'>, end: Link['to']): readonly Link[] =>
  stack.links.filter((link) => link.to === end)

export const linksOutOf = (stack: Pick<Stack, 'links'>, end: LinkEnd): readonly Link[] =>
  stack.links.filter((link) => link.from === end)

/** The links that one server accepts. */
export const linksAcceptedBy = (stack: Pick<Stack, 'links'>, server: Pick<Server, 'name' | 'tier'>): readonly Link[] =>
  stack.links.filter(({ to, acceptedBy }) => takesPart(server, to, acceptedBy))

/** The links that one server opens. */
export const linksOpenedBy = (stack: Pick<Stack, 'links'>, server: Pick<Server, 'name' | 'tier'>): readonly Link[] =>
  stack.links.filter(({ from, openedBy }) => takesPart(server, from, openedBy))

/** The servers that open a link; none where it comes from outside the stack. */
export const callersOf = (stack: Pick<Stack, 'servers'>, { from, openedBy }: Link): readonly Server[] =>
  stack.servers.filter((server) => takesPart(server, from, openedBy))

/** The servers that accept a link; none where it leads out of the stack. */
export const acceptersOf = (stack: Pick<Stack, 'servers'>, { to, acceptedBy }: Link): readonly Server[] =>
  stack.servers.filter((server) => takesPart(server, to, acceptedBy))

const takesPart = (
  { name, tier }: Pick<Server, 'name' | 'tier'>,
  end: LinkEnd,
  only: readonly string[] | undefined,
): boolean => (end === tier || end === 'servers') && (only === undefined || only.includes(name))

/**
 * The servers that hold an etcd member: the database servers, and, where those are an even number, one server more that
 * holds no data, so that losing any one leaves a majority. It is the first balancer: of all others it is the one that is
 * least likely to leave, since the last of a tier go first, and it does least beside.
 */
export function etcdMembers(stack: Pick<Stack, 'servers'>): readonly Server[] {
  const databases = serversOf(stack, 'database')
  if (databases.length === 0) return []
  return databases.length % 2 === 1 ? databases : [...databases, ...serversOf(stack, 'balancer').slice(0, 1)]
}

/** Where another server is asked for a sign of life that has nothing to do with what Trimaran placed there. */
export const sshPort = 22

/** The address that visitors use. */
export const publicAddress = (stack: Pick<Stack, 'servers' | 'virtualAddress'>): string =>
  stack.virtualAddress?.address ?? serversOf(stack, 'balancer')[0]!.address

/** The name that visitors ask for: apps may answer to that one alone. */
export const siteName = ({ declared, ...stack }: Pick<Stack, 'servers' | 'declared' | 'virtualAddress'>): string =>
  declared.app.healthHost ?? declared.balancer.domains?.[0] ?? publicAddress(stack)
