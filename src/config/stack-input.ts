/**
 * What a config file may contain. Editors show these comments while the file is written, and `docs/reference/config.md`
 * and `config.schema.json` are generated from them; defaults and limits come from `schema.ts`. The settings of the app
 * are in `app-input.ts`, the names of servers in `servers-input.ts`.
 */
import type { AppInput } from './app-input.ts'
import type { ServersInput } from './servers-input.ts'

/** A whole stack: its tiers, two of them at least, and how they are reached. */
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
  /** The servers that run your app. A site of files alone has none: leave it out. */
  readonly app?: AppInput
  /**
   * The servers with the data: one primary, and a replica on each of the others. Leave it out where the app needs none,
   * or where yours is elsewhere: then give the app its `DATABASE_URL` in `app.secrets`.
   */
  readonly database?: DatabaseInput
  /** Commands of yours that run on this computer before and after each deploy. */
  readonly hooks?: HooksInput
  /** The lab servers that `--lab` boots on this computer. It changes nothing in production. */
  readonly lab?: LabInput
  /** How SSH finds the servers, and from where it is let in. Unless stated, it reads your `~/.ssh/config`, and is let in from anywhere. */
  readonly ssh?: SshInput
  /**
   * Connections of your own through the firewall of the servers: what comes from outside the stack and no part of it needs, and what
   * goes out. All else that no link names is refused.
   *
   * @example [{ on: 'servers', from: ['10.0.0.5'], ports: [9100], why: 'Prometheus collects figures' }]
   */
  readonly links?: readonly LinkInput[]
  /**
   * Your own pages for visitors when the app cannot answer: HTML files, relative to the config file. Each contains all
   * that it needs, since nothing else may answer then, and has at most 12 KB. `{{request_id}}` in it becomes the id of
   * the request. Programs that ask for JSON get the error as JSON instead.
   *
   * @example { 503: './pages/sorry.html', maintenance: './pages/maintenance.html' }
   */
  readonly pages?: PagesInput
}

/** Pages by the status that they are sent with. For one that is left out, Trimaran has its own. */
export interface PagesInput {
  /** A request body is larger than `web.uploadLimit`. */
  readonly 413?: string
  /** An address sent more requests than `balancer.rateLimit` allows. */
  readonly 429?: string
  /** No server can answer right now. */
  readonly 503?: string
  /** The app took longer than `app.requestTimeout`; also sent with 502, where its answer was lost. */
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
   * The domains of the site. Visitors of any other than the first are redirected to the first, with path and query
   * kept. Domains that are not in the list, and bare addresses, are served as they are.
   *
   * @example ['www.example.com', 'example.com']
   */
  readonly domains?: readonly string[]
  /**
   * How many requests an address may send. Requests above the limit are answered with 429, on all balancers together.
   *
   * @example { requests: 100, per: 10 }
   * @example { requests: 100, per: 10, exempt: ['10.0.0.0/8'] }
   */
  readonly rateLimit?: RateLimitInput
  /**
   * How much one address may have open at a time, so that no visitor can block the others. An office or a mobile
   * network can be one address, so the limits are high unless stated.
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
  /**
   * Without an app: the file that answers a path that no file has, with status 200, as single-page apps need it. Unless
   * stated, such a path is answered with 404, and with the file `404.html` where there is one.
   *
   * @example 'index.html'
   */
  readonly fallback?: string
  /** Without an app: the folder that is built, relative to the config file. */
  readonly source?: string
  /**
   * Without an app: a command that makes the static files, run as `app.build` is.
   *
   * @example 'npm ci && npm run build'
   */
  readonly build?: string
  /** Without an app: what is shipped although it looks like a secret, as in `app.include`. */
  readonly include?: readonly string[]
  /** Without an app: folders that are kept from one build to the next, as in `app.cache`. */
  readonly cache?: readonly string[]
}

/** The tier that holds the data: PostgreSQL, led by Patroni, with an etcd member on every server. */
export interface DatabaseInput {
  /**
   * Three survive the loss of any one without losing a write; so do two, with an etcd member without data on a
   * balancer.
   */
  readonly servers: ServersInput
  /**
   * Settings of PostgreSQL. They override those that Trimaran derives from the size of the server. Settings that safety
   * or other components rely on cannot be set. PostgreSQL itself judges them on each server before they are used: a
   * wrong name or value stops `up`, and nothing is changed.
   *
   * @example { work_mem: '16MB', log_min_duration_statement: 500 }
   */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /**
   * More databases beside that of the app, which is named `app`. The app's role owns them and connects with the same
   * URL, with another name at its end. A database that is removed from this list is kept: data is never dropped.
   *
   * @example ['reports']
   */
  readonly databases?: readonly string[]
  /**
   * How long a primary's server may not answer. `fast` replaces it after 1.5 s, so that writes go on after about 3 s.
   * `patient` waits until its lease has ended, about 20 s: for networks with outages of some seconds, where a failover
   * would be worse than the wait. Neither loses an acknowledged write.
   *
   * @default 'fast'
   */
  readonly failover?: 'fast' | 'patient'
  /**
   * Puts PgBouncer on each app server, between the app and the database. It lends a database connection for one
   * transaction at a time, so that thousands of connections of the app need few in the database, and a switchover fails
   * no query. Session features (`LISTEN`, `SET`, advisory locks, temporary tables) then need `DATABASE_DIRECT_URL`,
   * which bypasses the pool. Prepared statements work.
   *
   * @example 'transaction'
   */
  readonly pool?: 'transaction'
  /**
   * Extensions that are created in the app's databases. An extension that is removed from this list is kept. Those that
   * PostgreSQL does not bring along need their package in `packages`.
   *
   * @example ['pg_trgm', 'citext']
   */
  readonly extensions?: readonly string[]
  /**
   * More Debian packages on the database servers, such as those of extensions.
   *
   * @example ['postgresql-17-pgvector']
   */
  readonly packages?: readonly string[]
}

/**
 * Commands that run on this computer around `deploy` and `rollback`, in the folder of the config file. Their
 * environment has `TRIMARAN_STACK`, `TRIMARAN_VERB` (`deploy` or `rollback`), `TRIMARAN_RELEASE`,
 * `TRIMARAN_PREVIOUS_RELEASE`, `TRIMARAN_REVISION`, `TRIMARAN_OPERATOR`, `TRIMARAN_LAB` (`yes` or `no`) and,
 * afterwards, `TRIMARAN_OUTCOME` and `TRIMARAN_SECONDS`.
 */
export interface HooksInput {
  /**
   * Runs before anything is built or touched. If it does not exit with 0, there is no deploy.
   *
   * @example './may-we-deploy.sh'
   */
  readonly beforeDeploy?: string
  /**
   * Runs when the deploy has ended, successful or not: `TRIMARAN_OUTCOME` is `deployed`, `rolled-back` or `failed`.
   *
   * @example './tell-the-team.sh'
   */
  readonly afterDeploy?: string
}

/** Limits of each lab server, and its network access. */
export interface LabInput {
  /**
   * The memory that each lab server may use. It is a limit, not a reservation.
   *
   * @example '2 GB'
   */
  readonly memory?: string
  /** The processor cores that each lab server may use. Unless stated, all of this computer's. */
  readonly cores?: number
  /** Whether lab servers may reach the internet. Otherwise the lab's network is closed. */
  readonly internet?: boolean
}

/** A connection between servers of the stack and computers that are not in it: `from` there, or `to` there. */
export interface LinkInput {
  /** Which servers: all of them, or those of a tier. */
  readonly on: 'servers' | 'balancer' | 'web' | 'app' | 'database'
  /**
   * Addresses and networks that may connect to the servers.
   *
   * @example ['10.0.0.5']
   */
  readonly from?: readonly string[]
  /**
   * Addresses and networks that the servers may connect to. The app has a setting of its own: `app.privateNetworks`.
   *
   * @example ['10.0.0.9']
   */
  readonly to?: readonly string[]
  /** Unless stated, `tcp`. */
  readonly protocol?: 'tcp' | 'udp'
  /**
   * The ports, at the end that is connected to.
   *
   * @example [9100]
   */
  readonly ports: readonly number[]
  /** What it is for, in a few words; `explain` shows them. */
  readonly why: string
}

/** How SSH reaches the servers, and from where. */
export interface SshInput {
  /**
   * An OpenSSH client config file for this stack, relative to the config file, instead of `~/.ssh/config`.
   *
   * @example './ssh_config'
   */
  readonly config?: string
  /**
   * The addresses and networks that may open SSH connections to the servers: yours, those of CI, and of a jump host.
   * Unless stated, any. If the connection of the command that applies it would be refused, the change is rolled back.
   *
   * @example ['203.0.113.7', '198.51.100.0/24']
   */
  readonly from?: readonly string[]
}
