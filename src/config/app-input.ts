import type { ServersInput } from './servers-input.ts'

/**
 * Your app. It listens on `$PORT`, answers its health path, ends on SIGTERM, logs to standard output, finds
 * `DATABASE_URL` in its environment, and keeps nothing on its own disk.
 */
export interface AppInput {
  /** Two or more make a release invisible to visitors and stay in service while one is down. */
  readonly servers: ServersInput
  /** The folder that is released, seen from the config file. */
  readonly source?: string
  /**
   * A command that makes the release ready to run. It runs on this computer, in a clean copy of `source` without
   * `node_modules` and what git ignores, before anything is shipped. It finds your own environment, without `secrets` but for
   * those that are marked for it, and without the key of the stack.
   *
   * @example 'npm ci && npm run build'
   */
  readonly build?: string
  /**
   * Files or folders, seen from `source`, that are shipped although they look like secrets, or git ignores them. Others stay
   * here and are named when a release is built: `.env` files, `.npmrc`, `.netrc`, `.pgpass`, private keys and what keeps them,
   * `secrets.*` and `credentials.*`, folders such as `.ssh` and `.aws`, the state of Terraform. What packages bring along in
   * `node_modules`, `site-packages` or `vendor` is shipped as it is, and so is a certificate without its key.
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
   * A command that is run once for each new release, on one app server, in that release's folder and environment, before it
   * serves any visitor: migrations of the database, as a rule. When it fails, nothing is released. The release before it
   * still serves meanwhile, and goes on serving if the new one does not come up, so both must be able to live with the
   * database as it then is. `rollback` does not run it.
   *
   * @example 'node migrate.js'
   */
  readonly release?: string
  /** How many copies of it run on each app server: a number, or one for each core of the server. */
  readonly instances?: number | 'cores'
  /**
   * More programs of the same release, by name, beside the one that `start` starts and that is called `web`. A text is the
   * command of a worker that runs on every app server.
   *
   * @example { worker: 'node worker.js' }
   * @example { clock: { start: 'node clock.js', on: 'one' } }
   */
  readonly processes?: Readonly<Record<string, string | ProcessInput>>
  /**
   * The path that answers 200 while the app can do its work. An app server that answers otherwise gets no requests.
   *
   * @example '/up'
   */
  readonly health?: string
  /**
   * The name of the site that whoever asks `health` gives as `Host`, for an app that answers to certain names only. Unless
   * stated, the first of `balancer.domains`, or else the address that visitors use.
   *
   * @example 'www.example.com'
   */
  readonly healthHost?: string
  /**
   * What the app needs to run: a version of Node.js, or Debian packages. Unless stated, the release brings all of it.
   *
   * @example { node: '24' }
   * @example { packages: ['python3', 'python3-venv'] }
   */
  readonly runtime?: NodeRuntimeInput | PackagesRuntimeInput
  /**
   * More environment variables for the app. `PORT` and `DATABASE_URL` are set by Trimaran. Secrets belong in `secrets`:
   * their values are masked wherever Trimaran shows what servers say. Of these here, only those are whose name says that they
   * are secrets, such as `API_TOKEN`, and passwords in URLs.
   *
   * @example { LOG_LEVEL: 'info' }
   */
  readonly env?: Readonly<Record<string, string>>
  /**
   * Names of environment variables whose values stand nowhere in the project: they are taken from your environment, from
   * the file `.env` beside the config, or from what a command prints, each time the app is changed. They are placed on app
   * servers where only root and the app can read them, and never shown: in whatever a server, the app or a build says, `***`
   * stands for them, unless they are shorter than six characters. Hooks and builds do not find them in their environment.
   *
   * @example ['SESSION_KEY']
   * @example [{ name: 'STRIPE_KEY', command: 'pass show stripe' }]
   * @example [{ name: 'NPM_TOKEN', build: true }]
   */
  readonly secrets?: readonly (string | SecretInput)[]
  /**
   * The memory that the app may use on a server; beyond it, it is restarted. Unless stated, seven tenths of the server's.
   *
   * @example '512 MB'
   */
  readonly memory?: string
  /**
   * Whether the app knows `Idempotency-Key`: of two requests with the same key it does what they ask for once. A request that
   * carries one is then sent to a second server when the first was lost in the middle of it, whatever its method. An app
   * that does not look at the key would do it twice.
   */
  readonly idempotencyKey?: boolean
  /**
   * Addresses and networks inside your own walls that the app calls: a mail server, a search engine, another database. The
   * internet is open to it; private networks are closed, and so are the servers of the stack itself, whatever stands here:
   * what the app needs of them it finds on its own server.
   *
   * @example ['10.20.0.5', '10.30.0.0/16']
   */
  readonly privateNetworks?: readonly string[]
  /** How many seconds a request may take before its visitor is told that it failed. */
  readonly requestTimeout?: number
  /** How many seconds the app may take from its start until its health path answers; then the change is rolled back. */
  readonly startTimeout?: number
  /** How many seconds the app may take to finish its requests after SIGTERM before it is killed. */
  readonly stopTimeout?: number
  /**
   * Whether a visitor stays with the app server that first answered, for apps that keep sessions in memory. A cookie names
   * the server; when it is gone, another one takes over. The spread is no longer even, so do without where you can.
   */
  readonly sticky?: boolean
  /**
   * How many requests each copy of the app works on at a time. More wait in a queue on the web servers, instead of making
   * all of them slow. Connections that stay open, such as WebSockets, count, too.
   *
   * @example 20
   */
  readonly concurrency?: number
  /** How many seconds a request may wait in that queue before its visitor is told to try again later. */
  readonly queueTimeout?: number
  /**
   * How many seconds connections that are still open, such as WebSockets, may go on after a server or an old release was
   * taken out of service.
   */
  readonly drainTimeout?: number
}

/** A program of the release beside `web`. It has a port, in `$PORT`, if it is given `paths`; other programs have none. */
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
   * Whether it runs on every app server, or on one at a time: another takes over within seconds when that one dies. That
   * one is found with a lock in the database.
   */
  readonly on?: 'every' | 'one'
  /**
   * When it runs, if it is to run at times and end: as systemd.time(7) writes it. With `on: 'one'` not more often than once a
   * minute: the server that ran it keeps it for 50 seconds, so that one whose clock is a little behind does not run it again.
   *
   * @example 'daily'
   * @example 'Mon..Fri 06:30'
   */
  readonly at?: string
  /**
   * Requests whose path is one of these, or lies below it, go to this program instead of `web`. Paths are compared as nginx
   * understands them: decoded, without `//`, `/./` and `/../`, and with their case. That is no security boundary: the
   * program gets the path as it was written, and frameworks may read it otherwise, so each program guards itself.
   *
   * @example ['/api']
   */
  readonly paths?: readonly string[]
  /** With `paths`: the path that answers 200 while it can do its work. Unless stated, that of the app. */
  readonly health?: string
  /** With `paths`: how many requests each copy of it works on at a time. */
  readonly concurrency?: number
}

/** A secret that a command knows, or that the build is given, too. */
export interface SecretInput {
  /** The name of the environment variable. */
  readonly name: string
  /**
   * A command of yours, run on this computer in your environment, that prints the value.
   *
   * @example 'pass show stripe'
   */
  readonly command?: string
  /** Whether `build` finds it in its environment, too. */
  readonly build?: boolean
}

/** An app that runs on Node.js. */
export interface NodeRuntimeInput {
  /**
   * The major version, as a text: the newest of it that this Trimaran knows. Or an exact version, to stay with that. Trimaran
   * places it beside whatever the servers have, and moves the app to a newer one, server by server, with `trimaran upgrade`.
   *
   * @example '24'
   * @example '24.22.3'
   */
  readonly node: string
}

/** An app that runs on a language of Debian's own. */
export interface PackagesRuntimeInput {
  /**
   * Names of Debian packages that are installed on the app servers.
   *
   * @example ['python3', 'python3-venv']
   */
  readonly packages: readonly string[]
}
