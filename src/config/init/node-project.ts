import { nodeMajorFor } from './node-major.ts'
import { parseObject, isObject } from './parse-object.ts'
import type { Folder } from './folder.ts'

/** How npm's package.json describes an app; what has another type than npm's is left out. */
export interface NodeProject {
  readonly name?: string
  readonly main?: string
  /** The programs that it offers to others. */
  readonly programs: readonly string[]
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
  readonly workspaces: readonly string[]
  /** Whether a package is among its dependencies of either kind. */
  readonly uses: (name: string) => boolean
  readonly runtime: { readonly node: string }
  readonly manager: PackageManager
}

export interface PackageManager {
  readonly lock?: string
  /** Installs exactly what is locked. */
  readonly install: string
  /** The beginning of a command that runs a script. */
  readonly run: string
}

const managers: readonly (PackageManager & { readonly lock: string })[] = [
  { lock: 'pnpm-lock.yaml', install: 'pnpm install --frozen-lockfile', run: 'pnpm run' },
  { lock: 'yarn.lock', install: 'yarn install --frozen-lockfile', run: 'yarn run' },
  { lock: 'bun.lock', install: 'bun install --frozen-lockfile', run: 'bun run' },
  { lock: 'bun.lockb', install: 'bun install --frozen-lockfile', run: 'bun run' },
  { lock: 'package-lock.json', install: 'npm ci', run: 'npm run' },
  { lock: 'npm-shrinkwrap.json', install: 'npm ci', run: 'npm run' },
]

/** Files that say what installs packages, and how. */
export const filesOfManagers: readonly string[] = [...managers.map(({ lock }) => lock), '.yarnrc.yml', '.pnp.cjs']

/** Reads package.json; nothing where there is none, or where it cannot be read. */
export function nodeProject(folder: Folder): NodeProject | undefined {
  const read = parseObject(folder.text('package.json'))
  if (read === undefined) return undefined
  const { name, main, scripts, engines, bin, workspaces } = read
  const dependencies = keysOf(read['dependencies'])
  const devDependencies = keysOf(read['devDependencies'])
  const range = folder.text('.nvmrc') || folder.text('.node-version') || textOf(isObject(engines) && engines['node'])
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof main === 'string' && { main: main.replace(/^\.\//, '') }),
    programs: (typeof bin === 'string' ? [bin] : Object.values(isObject(bin) ? bin : {}))
      .filter((path) => typeof path === 'string')
      .map((path) => path.replace(/^\.\//, '')),
    scripts: textsOf(scripts),
    dependencies,
    devDependencies,
    workspaces: globsOf(workspaces),
    uses: (one) => dependencies.has(one) || devDependencies.has(one),
    runtime: { node: nodeMajorFor(range) },
    manager: managerOf(folder),
  }
}

/** Without a lock file npm installs what fits, which is said to be a risk. */
function managerOf(folder: Folder): PackageManager {
  const found = managers.find(({ lock }) => folder.has(lock))
  if (found?.lock === 'yarn.lock' && folder.has('.yarnrc.yml')) return { ...found, install: 'yarn install --immutable' }
  return found ?? { install: 'npm install', run: 'npm run' }
}

/** Installs, then runs these scripts, as far as there is something to install and a script has that name. */
export function buildWith(project: NodeProject, ...scripts: readonly string[]): string | undefined {
  const hasPackages = project.dependencies.size + project.devDependencies.size > 0
  const install = hasPackages || project.manager.lock !== undefined ? [project.manager.install] : []
  const runs = scripts
    .filter((name) => project.scripts[name] !== undefined)
    .map((name) => `${project.manager.run} ${name}`)
  const commands = [...install, ...runs]
  return commands.length === 0 ? undefined : commands.join(' && ')
}

/** Installs, then runs the script `build`, or this command of a package where there is no such script. */
export const buildOr = (project: NodeProject, command: string): string =>
  project.scripts['build'] === undefined
    ? `${project.manager.install} && npx ${command}`
    : inTurn(buildWith(project, 'build'))

/** Commands one after the other, without those that are not needed. */
export const inTurn = (...commands: readonly (string | undefined)[]): string =>
  commands.filter((command) => command !== undefined).join(' && ')

/** What every Node app has to be told, whatever it is made with. */
export function adviceFor(folder: Folder, project: NodeProject): readonly string[] {
  const isPlugAndPlay = folder.has('.pnp.cjs') || /nodeLinker:\s*pnp/.test(folder.text('.yarnrc.yml'))
  return [
    ...(project.manager.lock === undefined && project.dependencies.size > 0
      ? ['there is no lock file: each build may install other versions. `npm install` writes one']
      : []),
    ...(isPlugAndPlay
      ? [
          "Yarn's Plug'n'Play has no node_modules, which the start command needs: set `nodeLinker: node-modules` in .yarnrc.yml",
        ]
      : []),
    ...(project.dependencies.has('socket.io')
      ? ['socket.io needs `sticky: true` in app for visitors without WebSockets, once there are two copies of the app']
      : []),
  ]
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const keysOf = (value: unknown): ReadonlySet<string> => new Set(Object.keys(isObject(value) ? value : {}))
const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )

function globsOf(value: unknown): readonly string[] {
  const list = isObject(value) ? value['packages'] : value
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
}
