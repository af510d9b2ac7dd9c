import { stackNameFrom } from '../values/stack-name.ts'
import { checkCommand, checkHealthPath } from '../values/text.ts'
import type { FolderFacts, PackageJson } from './folder-facts.ts'
import { defaultNode, nodeMajorFor } from './node-major.ts'

/** What was concluded about the app in a folder. */
export interface DetectedApp {
  readonly kind: 'node' | 'procfile' | 'unknown'
  readonly name: string
  readonly build?: string
  readonly start: string
  readonly health: string
  readonly runtime?: { readonly node: string } | { readonly packages: readonly string[] }
  /** The folder of static files, where there is one. */
  readonly root?: string
  /** Settings that are a guess without evidence; the user should look at them. */
  readonly guessed: readonly string[]
}

/** Concludes from a folder's files how the app in it is built, started and asked for its health. */
export function detectApp(facts: FolderFacts): DetectedApp {
  const { packageJson, procfile } = facts
  const start = startIn(procfile) ?? (packageJson && startOf(packageJson, facts))
  const health = healthIn(facts)
  const build = packageJson && buildOf(packageJson, facts)
  const root = rootIn(facts)
  const runtime = runtimeOf(facts)
  return {
    kind: packageJson !== undefined ? 'node' : start !== undefined ? 'procfile' : 'unknown',
    name: stackNameFrom(packageJson?.name ?? facts.name) ?? stackNameFrom(facts.name) ?? 'my-app',
    ...(build !== undefined && { build }),
    start: start ?? 'node server.js',
    health: health ?? '/',
    ...(runtime && { runtime }),
    ...(root !== undefined && { root }),
    guessed: [...(start === undefined ? ['app.start'] : []), ...(health === undefined ? ['app.health'] : [])],
  }
}

function startIn(procfile: string | undefined): string | undefined {
  const command = /^web:\s*(.+)$/m.exec(procfile ?? '')?.[1]?.trim()
  return command !== undefined && checkCommand(command) === undefined ? command : undefined
}

/** Names under which the entry of an app is usually found. */
const entryNames = ['server', 'app', 'index', 'main'].flatMap((name) =>
  ['js', 'mjs', 'cjs', 'ts', 'mts'].flatMap((ending) => [`${name}.${ending}`, `src/${name}.${ending}`]),
)

/** A plain `node …` saves a process and passes SIGTERM on; whatever else the script does is left to npm. */
function startOf({ scripts, main }: PackageJson, { sources }: FolderFacts): string | undefined {
  const script = scripts['start']?.trim()
  if (script !== undefined) return /^node(\s+[\w@%+=:,./-]+)+$/.test(script) ? script : 'npm start'
  const entry = [main?.replace(/^\.\//, ''), ...entryNames].find((name) => name !== undefined && sources.has(name))
  return entry === undefined ? undefined : `node ${entry}`
}

/** The package manager by its lock file: how it installs exactly what is locked, and how it runs a script. */
const packageManagers = [
  { lock: 'pnpm-lock.yaml', install: 'pnpm install --frozen-lockfile', run: 'pnpm run' },
  { lock: 'yarn.lock', install: 'yarn install --frozen-lockfile', run: 'yarn run' },
  { lock: 'package-lock.json', install: 'npm ci', run: 'npm run' },
  { lock: 'npm-shrinkwrap.json', install: 'npm ci', run: 'npm run' },
] as const

function buildOf({ scripts, hasDependencies }: PackageJson, { entries }: FolderFacts): string | undefined {
  const manager = packageManagers.find(({ lock }) => entries.includes(lock))
  const install = manager?.install ?? (hasDependencies ? 'npm install' : undefined)
  const build = scripts['build'] === undefined ? undefined : `${manager?.run ?? 'npm run'} build`
  const commands = [install, build].filter((command) => command !== undefined)
  return commands.length === 0 ? undefined : commands.join(' && ')
}

const healthPaths = ['/up', '/healthz', '/health', '/livez', '/ping', '/status']

function healthIn({ sources }: FolderFacts): string | undefined {
  const texts = [...sources.values()]
  return healthPaths.find((path) => checkHealthPath(path) === undefined && texts.some((text) => quotes(text, path)))
}

const quotes = (text: string, path: string): boolean =>
  ["'", '"', '`'].some((mark) => text.includes(mark + path + mark))

/** `dist` and `build` may hold the server's own code: they are taken only where they hold a page. */
function rootIn({ entries }: FolderFacts): string | undefined {
  const folder = ['public', 'static'].find((name) => entries.includes(`${name}/`))
  return folder ?? ['dist', 'build'].find((name) => entries.includes(`${name}/index.html`))
}

/** Debian's packages for other languages, by the file that gives them away. */
const languages = [
  { file: 'requirements.txt', packages: ['python3', 'python3-venv'] },
  { file: 'pyproject.toml', packages: ['python3', 'python3-venv'] },
  { file: 'Gemfile', packages: ['ruby', 'ruby-bundler'] },
  { file: 'composer.json', packages: ['php-cli'] },
] as const

function runtimeOf({ packageJson, nodeVersion, entries }: FolderFacts): DetectedApp['runtime'] {
  if (packageJson !== undefined) return { node: nodeMajorFor(nodeVersion ?? packageJson.nodeRange) }
  const language = languages.find(({ file }) => entries.includes(file))
  if (language !== undefined) return { packages: language.packages }
  return entries.includes('Procfile') ? undefined : { node: defaultNode }
}
