import type { VariableInput } from './references.ts'
import type { ServersInput } from './servers-input.ts'

/**
 * Your app. It listens on `$PORT`, answers its health path, ends on SIGTERM, logs to standard output, finds
 * `DATABASE_URL` in its environment, and keeps nothing on its own disk, but for what `writable` names.
 */
export interface AppInput {
  /** With two or more, visitors do not notice a deploy, and the site stays up while one is down. */
  readonly servers: ServersInput
  /** The folder that is released, relative to the config file. */
  readonly source?: string
  /**
   * A command that makes the release ready to run. It runs on this computer, in a clean copy of `source` without
   * `node_modules` and what git ignores, before anything is shipped. It gets your environment, with those `secrets`
   * that are marked for the build, and without the stack key.
   *
   * @example 'npm ci && npm run build'
   */
  readonly build?: string
  /**
   * Files or folders, relative to `source`, that are shipped although they look like secrets, or git ignores them. All
   * other such files are left out, and are named when a release is built: `.env` files, `.npmrc`, `.netrc`, `.pgpass`,
   * private keys and what keeps them, `secrets.*` and `credentials.*`, folders such as `.ssh` and `.aws`, the state of
   * Terraform. What packages bring along in `node_modules`, `site-packages` or `vendor` is shipped as it is, and so is
   * a certificate without its key.
   *
   * @example ['certs/client.key']
   */
  readonly include?: readonly string[]
  /**
   * Folders, seen from `source`, that are kept on this computer from one build to the next, until a lock file, a `package.json`,
   * `.npmrc`, or the Node of the build changes; those of frameworks also until the build or an `.env` file does. They are not shipped, but for
   * `node_modules`, which is kept where the build begins with `npm ci` and no script of the app's runs while packages are
   * installed. Unless stated: `node_modules` and its `.cache`, and the caches of Next.js, Angular, Parcel and Turborepo. `[]` keeps nothing.
   *
   * @example ['node_modules', '.cache']
   */
  readonly cache?: readonly string[]
  /**
   * Whether packages that npm installed for `devDependencies` alone are shipped, too. Unless stated, only the build has them.
   */
  readonly devDependencies?: boolean
  /**
   * The command that starts the app, run in the release's folder. It may also stand in `processes`, as `web`.
   *
   * @example 'node server.js'
   */
  readonly start?: string
  /**
   * A command that is run once for each new release, on one app server, in that release's folder and environment,
   * before it serves any visitor: migrations of the database, as a rule. When it fails, nothing is released. The
   * previous release serves until then, and goes on if the new one does not come up, so both must work with the changed
   * database. `rollback` does not run it.
   *
   * @example 'node migrate.js'
   */
  readonly release?: string
  /** How many copies of it run on each app server: a number, or one for each core of the server. */
  readonly instances?: number | 'cores'
  /**
   * More programs of the same release, by name, beside the one of `start`, which is called `web`. A text is the command
   * of a worker that runs on every app server.
   *
   * @example { worker: 'node worker.js' }
   * @example { clock: { start: 'node clock.js', on: 'one' } }
   */
  readonly processes?: Readonly<Record<string, string | ProcessInput>>
  /**
   * The health check: a path that answers 200 while the app works. An app server that answers otherwise gets no
   * requests.
   *
   * @example '/up'
   */
  readonly health?: string
  /**
   * The `Host` header of health checks, for an app that answers only certain names. Unless stated, the first of
   * `balancer.domains`, or else the address that visitors use.
   *
   * @example 'www.example.com'
   */
  readonly healthHost?: string
  /**
   * What the app needs to run: a version of Node.js, Debian packages, or both. Unless stated, the release contains all of it.
   *
   * @example { node: '24' }
   * @example { packages: ['python3', 'python3-venv'] }
   * @example { node: '24', packages: ['imagemagick'] }
   */
  readonly runtime?: RuntimeInput
  /**
   * More environment variables for the app. `PORT`, `DATABASE_URL` and names that begin with `TRIMARAN_` are set by
   * Trimaran; `HOST` and `NODE_ENV` unless they stand here. Secrets belong in `secrets`: their values are masked in all
   * output. Of the variables here, only those with names of secrets, such as `API_TOKEN`, and passwords in URLs and in
   * settings such as `Password=…` are masked.
   *
   * Where the app wants the parts of its database, or names of its own, references stand for them: `database`, `app` and
   * `site`, imported from 'trimaran'. The tag `text` makes a text of several.
   *
   * @example { LOG_LEVEL: 'info' }
   * @example { DB_HOST: database.host, DB_PORT: database.port, SITE: text`https://${site.host}` }
   */
  readonly env?: Readonly<Record<string, VariableInput>>
  /**
   * Names of environment variables whose values are not in the project: they are read from your environment, from the
   * file `.env` beside the config, or from the output of a command, each time the app is changed. On app servers only
   * root and the app can read them. All output shows `***` in their place, unless they are shorter than six characters.
   * Hooks and builds do not get them.
   *
   * @example ['SESSION_KEY']
   * @example [{ name: 'STRIPE_KEY', command: 'pass show stripe' }]
   * @example [{ name: 'NPM_TOKEN', build: true }]
   */
  readonly secrets?: readonly (string | SecretInput)[]
  /**
   * Folders of the release in which the app may write, such as uploads that it keeps as files. Each app server has its own copy,
   * outside of the releases: a deploy keeps it, and what the release has in such a folder is added to it, never written over. No
   * other server has what one of them wrote: use one app server, or object storage.
   *
   * @example ['storage', 'uploads']
   */
  readonly writable?: readonly string[]
  /**
   * The memory that the app may use on a server; beyond it, it is restarted. Unless stated, seven tenths of the server's.
   *
   * @example '512 MB'
   */
  readonly memory?: string
  /**
   * Whether the app supports `Idempotency-Key`: it carries out two requests with the same key only once. A request with
   * such a key is then repeated on a second server when the first was lost in the middle of it, whatever its method. An
   * app that ignores the key would carry it out twice.
   */
  readonly idempotencyKey?: boolean
  /**
   * Private addresses and networks that the app calls: a mail server, a search engine, another database. The internet
   * is open to it; other private networks are closed, and so are the servers of the stack itself, even if they are
   * listed here: the app reaches their services on its own server.
   *
   * @example ['10.20.0.5', '10.30.0.0/16']
   */
  readonly privateNetworks?: readonly string[]
  /**
   * The only hosts that the app may call, with their ports: names, IPv4 addresses, networks. Unless stated, all of the internet is open
   * to it; an empty list closes it. A name
   * stands for itself alone, and its addresses on the internet; names that are not listed are not looked up either. The database of the stack and `privateNetworks` stay open, and so does the site itself.
   *
   * @example ['api.stripe.com:443', 'smtp.example.com:587']
   */
  readonly outbound?: readonly string[]
  /** How many seconds a request may take before the visitor gets an error. */
  readonly requestTimeout?: number
  /** How many seconds the app may take from its start until its health path answers; then the change is rolled back. */
  readonly startTimeout?: number
  /** How many seconds the app may take to finish its requests after SIGTERM before it is killed. */
  readonly stopTimeout?: number
  /**
   * Whether a visitor stays with the app server that first answered, for apps that keep sessions in memory. A cookie
   * names the server; when it is down, another one takes over. Requests are no longer spread evenly, so avoid it where
   * you can.
   */
  readonly sticky?: boolean
  /**
   * How many requests each copy of the app works on at a time. More wait in a queue on the web servers, instead of making
   * all of them slow. Connections that stay open, such as WebSockets, count, too.
   *
   * @example 20
   */
  readonly concurrency?: number
  /** How many seconds a request may wait in that queue before the visitor gets an error. */
  readonly queueTimeout?: number
  /**
   * How many seconds open connections, such as WebSockets, may go on after a server or an old release was taken out of
   * service.
   */
  readonly drainTimeout?: number
}

/** A program of the release beside `web`. It gets a port, in `$PORT`, only if it has `paths`. */
export interface ProcessInput {
  /**
   * The command that starts it, run in the release's folder.
   *
   * @example 'node worker.js'
   */
  readonly start: string
  /** How many copies of it run on each app server: a number, or one for each core of the server. */
  readonly instances?: number | 'cores'
  /**
   * Whether it runs on every app server, or on one at a time: another one takes over within seconds when that one dies.
   * A lock in the database decides which.
   */
  readonly on?: 'every' | 'one'
  /**
   * When it runs, for a scheduled program that ends: in the format of systemd.time(7). With `on: 'one'` at most once a
   * minute: the server that ran it holds the lock for 50 seconds, so that a server with a slow clock does not run it
   * again.
   *
   * @example 'daily'
   * @example 'Mon..Fri 06:30'
   */
  readonly at?: string
  /**
   * Requests whose path is one of these, or lies below it, go to this program instead of `web`. Paths are compared as
   * nginx decodes them: without `//`, `/./` and `/../`, and case-sensitive. This is no security boundary: the program
   * gets the path as it was sent, and frameworks may decode it differently, so each program must check access itself.
   *
   * @example ['/api']
   */
  readonly paths?: readonly string[]
  /** With `paths`: its health check. Unless stated, that of the app. */
  readonly health?: string
  /** With `paths`: how many requests each copy of it works on at a time. */
  readonly concurrency?: number
}

/** A secret that a command prints, or that the build gets, too. */
export interface SecretInput {
  /** The name of the environment variable. */
  readonly name: string
  /**
   * A command of yours, run on this computer in your environment, that prints the value.
   *
   * @example 'pass show stripe'
   */
  readonly command?: string
  /** Whether `build` gets it in its environment, too. */
  readonly build?: boolean
}

/** What the app servers have for the app, besides its release. */
export interface RuntimeInput {
  /**
   * The major version, as a text: then the newest of it that this Trimaran knows. Or an exact version, to stay with
   * that. Trimaran installs it beside any other Node on the servers; `trimaran upgrade` moves the app to a newer one,
   * server by server.
   *
   * @example '24'
   * @example '24.22.3'
   */
  readonly node?: string
  /**
   * Names of Debian packages that are installed on the app servers: a language, or programs that the app calls.
   *
   * @example ['python3', 'python3-venv']
   */
  readonly packages?: readonly string[]
}
