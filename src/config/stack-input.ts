/**
 * What a config file may say, in the words of the person who writes it. Editors show these comments while the file is
 * written, and `docs/reference/config.md` and `config.schema.json` are generated from them; defaults and limits come
 * from `schema.ts`. What is said of
 * the app stands in `app-input.ts`, how servers are named in `servers-input.ts`.
 */
import type { AppInput } from './app-input.ts'
import type { ServersInput } from './servers-input.ts'

/** A whole stack: four tiers, and how they are reached. */
export interface StackInput {
  /**
   * The name of the stack: lower-case letters, digits and hyphens, at most 25. It names the lab and the folders that
   * Trimaran keeps on the servers, so it stays the same for the life of the stack.
   *
   * @example 'guestbook'
   */
  readonly name: string
  /** The servers that visitors reach. They spread requests evenly over the healthy web servers. */
  readonly balancer: BalancerInput
  /** The servers that serve static files and pass everything else to a healthy app server. */
  readonly web: WebInput
  /** The servers that run your app. */
  readonly app: AppInput
  /** The servers that hold the data: one primary, and a replica on each of the others. */
  readonly database: DatabaseInput
  /** Commands of yours that run on this computer before and after each deploy. */
  readonly hooks?: HooksInput
  /** The lab servers that `--lab` boots on this computer. It changes nothing in production. */
  readonly lab?: LabInput
  /** How SSH finds the servers. Unless stated, it reads your `~/.ssh/config`. */
  readonly ssh?: SshInput
  /**
   * Pages of your own for visitors whom the app cannot answer: HTML files, seen from the config file. Each holds all that it
   * needs, since nothing else may answer then, and at most 12 KB. `{{request_id}}` in it becomes the number of the request.
   *
   * @example { 503: './pages/sorry.html', maintenance: './pages/maintenance.html' }
   */
  readonly pages?: PagesInput
}

/** Pages by the status that they are sent with. One that is left out is Trimaran's own. */
export interface PagesInput {
  /** A request body is larger than `web.uploadLimit`. */
  readonly 413?: string
  /** An address sent more requests than `balancer.rateLimit` allows. */
  readonly 429?: string
  /** No server can answer right now. */
  readonly 503?: string
  /** The app took longer than `app.requestTimeout`; sent with 502, too, where it ended in the middle of its work. */
  readonly 504?: string
  /** The site is closed by `trimaran maintenance on`; sent with 503. */
  readonly maintenance?: string
}

/** The tier that visitors reach: HAProxy, and keepalived where there are two or more. */
export interface BalancerInput {
  /** One balancer is a single point of failure; two share a virtual address. */
  readonly servers: ServersInput
  /**
   * The address that visitors use, with the prefix length of its network. One balancer holds it at a time and another
   * takes it over within half a second. In a lab it is replaced by an address of the lab.
   *
   * @example '203.0.113.10/24'
   * @example { address: '203.0.113.10/24', move: './move-address.sh' }
   */
  readonly virtualAddress?: string | VirtualAddressInput
  /**
   * The names of the site. Visitors who come by any other than the first are sent on to the first, with path and query kept.
   * Names that are not in the list, and bare addresses, are served as they are.
   *
   * @example ['www.example.com', 'example.com']
   */
  readonly domains?: readonly string[]
  /**
   * How many requests an address may send. What goes beyond is answered with 429, whichever balancer it reaches.
   *
   * @example { requests: 100, per: 10 }
   * @example { requests: 100, per: 10, exempt: ['10.0.0.0/8'] }
   */
  readonly rateLimit?: RateLimitInput
  /**
   * How much one address may have open at a time, so that none takes what is there for all. An office or a mobile network
   * can be one address, so the limits are wide unless stated.
   *
   * @example { openRequests: 2000, connections: 4000 }
   */
  readonly perAddress?: PerAddressInput
  /**
   * Proxies of your own in front of the balancers, such as what ends TLS: addresses and networks. What they say in
   * `X-Forwarded-For`, `-Proto`, `-Host` and `-Port` is believed, and the visitor's address is the rightmost that is none of
   * theirs. From anybody else such headers are thrown away.
   *
   * @example ['10.0.0.5', '10.0.1.0/24']
   */
  readonly trustedProxies?: readonly string[]
  /** Whether those proxies begin each connection with the PROXY protocol, of version 1 or 2. All of them must then. */
  readonly proxyProtocol?: boolean
}

/** What one address may have open. Of IPv6, which comes by way of proxies alone, a /64 is one address. */
export interface PerAddressInput {
  /**
   * How many requests, those that wait and those that stay open (WebSockets, streams, uploads) among them. What goes beyond is
   * answered with 429.
   */
  readonly openRequests?: number
  /**
   * How many connections, whatever is done with them; those of `trustedProxies` are not counted. What goes beyond is closed.
   * At most half of what a balancer can hold.
   */
  readonly connections?: number
  /**
   * Addresses and networks that may have as much open as they like.
   *
   * @example ['203.0.113.7', '10.0.0.0/8']
   */
  readonly exempt?: readonly string[]
}

/**
 * A limit for each address, as the balancers see it: behind something that ends TLS in front of them all are one, unless it
 * stands in `trustedProxies`. Of IPv6 a /64 is one address.
 */
export interface RateLimitInput {
  /** How many requests are let through within the time. Those that are refused do not count. */
  readonly requests: number
  /** The time, in seconds. */
  readonly per: number
  /**
   * Addresses and networks that may send as many as they like.
   *
   * @example ['203.0.113.7', '10.0.0.0/8']
   */
  readonly exempt?: readonly string[]
}

/** A virtual address in a network that carries no VRRP, as in most clouds. */
export interface VirtualAddressInput {
  /**
   * The address that visitors use, with the prefix length of its network.
   *
   * @example '203.0.113.10/24'
   */
  readonly address: string
  /**
   * Your command that tells the network where the address is now. It runs on the balancer that takes the address over,
   * and again, up to ten times, until it succeeds. A script of the project, as in `./move-address.sh`, is placed there.
   *
   * @example './move-address.sh'
   */
  readonly move?: string
}

/** The tier of first contact: nginx for static files, and a local HAProxy that picks a healthy app server. */
export interface WebInput {
  /** Two or more stay in service while one is down. */
  readonly servers: ServersInput
  /**
   * The folder of static files, inside the release. A file in it is served as it is; any other path goes to the app.
   *
   * @example 'dist'
   */
  readonly root?: string
  /**
   * The largest request body that is accepted.
   *
   * @example '100 MB'
   */
  readonly uploadLimit?: string
}

/** The tier that holds the data: PostgreSQL, led by Patroni, with an etcd member on every server. */
export interface DatabaseInput {
  /** Three survive the loss of any one without losing a write; two do so with an etcd member on a balancer, which holds no data. */
  readonly servers: ServersInput
  /**
   * Settings of PostgreSQL. They win over what Trimaran chooses from the size of the server, but for those on which
   * safety or other components rely. PostgreSQL
   * itself judges them on each server before they are used: a wrong name or value stops `up`, and nothing is changed.
   *
   * @example { work_mem: '16MB', log_min_duration_statement: 500 }
   */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /**
   * More databases beside that of the app, named `app`. The app's role owns them and reaches them by the same URL with
   * another name at its end. One that is taken out of this list is kept: data is never dropped.
   *
   * @example ['reports']
   */
  readonly databases?: readonly string[]
  /**
   * How long a primary's server may be silent. `fast` replaces it after 1.5 s, so that writes go on in about 3 s.
   * `patient` waits until its lease has ended, about 20 s: for networks that fall silent for some seconds now and
   * then, where a failover would be more trouble than the wait. Neither loses an acknowledged write.
   *
   * @default 'fast'
   */
  readonly failover?: 'fast' | 'patient'
  /**
   * Puts PgBouncer on each app server, between the app and the database: a connection to the database is lent for one
   * transaction at a time, so that thousands of the app's fit into few of the database's, and a switchover fails no query.
   * What lives in a session (`LISTEN`, `SET`, advisory locks, temporary tables) then needs `DATABASE_DIRECT_URL`, which
   * leads past the pool. Prepared statements work.
   *
   * @example 'transaction'
   */
  readonly pool?: 'transaction'
  /**
   * Extensions that PostgreSQL brings along, made in the app's databases. One that is taken out of this list is kept.
   *
   * @example ['pg_trgm', 'citext']
   */
  readonly extensions?: readonly string[]
}

/**
 * Commands that run on this computer around `deploy` and `rollback`, in the folder of the config file. They find in their
 * environment: `TRIMARAN_STACK`, `TRIMARAN_VERB` (`deploy` or `rollback`), `TRIMARAN_RELEASE`, `TRIMARAN_PREVIOUS_RELEASE`,
 * `TRIMARAN_REVISION`, `TRIMARAN_OPERATOR`, `TRIMARAN_LAB` (`yes` or `no`) and, afterwards, `TRIMARAN_OUTCOME` and
 * `TRIMARAN_SECONDS`.
 */
export interface HooksInput {
  /**
   * Runs before anything is built or touched. When it does not end with 0, there is no deploy.
   *
   * @example './may-we-deploy.sh'
   */
  readonly beforeDeploy?: string
  /**
   * Runs when the deploy has ended, well or not: `TRIMARAN_OUTCOME` is `deployed`, `rolled-back` or `failed`.
   *
   * @example './tell-the-team.sh'
   */
  readonly afterDeploy?: string
}

/** What each lab server may use, and what it may reach. */
export interface LabInput {
  /**
   * The memory that each lab server may use. It is a limit, not a reservation.
   *
   * @example '2 GB'
   */
  readonly memory?: string
  /** The processor cores that each lab server may use. Unless stated, all of this computer's. */
  readonly cores?: number
  /** Whether lab servers may reach the internet. The lab's network leads nowhere otherwise. */
  readonly internet?: boolean
}

/** For a stack whose servers should not stand in your own SSH config. */
export interface SshInput {
  /**
   * An OpenSSH client config file of this stack's own, seen from the config file, instead of `~/.ssh/config`.
   *
   * @example './ssh_config'
   */
  readonly config: string
}
