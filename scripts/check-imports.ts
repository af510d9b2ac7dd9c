// Holds the house to its drawing: every import leads downwards, no imports form a circle, no pure file reaches outside, and
// into the components lead their list, their contract and, among themselves, the `index.ts` of each. Run by `npm run check`.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'

/** Folders of `src`, from the top floor to the ground. A file imports from its own folder and from floors below. */
const floors: readonly (readonly string[])[] = [
  ['main'],
  ['commands'],
  ['operations', 'ui'],
  ['release'],
  ['engine', 'status'],
  ['plan'],
  ['preflight'],
  ['lab', 'observation', 'index'],
  ['explain', 'blueprint'],
  ['components', 'events'],
  ['resources', 'stack'],
  ['config', 'transport'],
  ['shell', 'errors', 'speech', 'certificates'],
]

/** Folders without file system, process, network, clock or randomness; exceptions are named with their reason. */
const pureFolders = [
  'events',
  'stack',
  'resources',
  'components',
  'blueprint',
  'observation',
  'plan',
  'preflight',
  'explain',
  'status',
  'shell',
  'errors',
  'speech',
  'certificates',
  'config',
]
const impureFiles: ReadonlyMap<string, string> = new Map([
  ['config/load-config.ts', 'reads the user’s file'],
  ['components/program.ts', 'reads programs that are packed with the house, and nothing else'],
])
const impureFolders: readonly string[] = ['config/load/', 'config/init/']
/** Modules of Node that only compute. */
const pureModules = new Set(['node:buffer', 'node:crypto', 'node:net', 'node:util', 'node:url', 'node:path'])

/** All that the rest of the house imports of the components: what they are, and what a component may be asked. */
const doorsOfComponents = ['components/index.ts', 'components/component.ts']

const floorOf = (folder: string): number => floors.findIndex((floor) => floor.includes(folder))
const files = globSync('src/**/*.ts').filter((file) => !/\.(test|case)\.ts$/.test(file) && !file.includes('/testing/'))
const graph = new Map(files.map((file) => [nameOf(file), importsOf(file)]))
const mistakes = [...files.flatMap(checkFile), ...findCircles(graph)]

for (const mistake of mistakes) process.stderr.write(`${mistake}\n`)
if (mistakes.length > 0) process.exitCode = 1
else process.stdout.write(`imports of ${files.length} files lead downwards, and none in a circle\n`)

function checkFile(file: string): readonly string[] {
  const name = nameOf(file)
  const imports = importsOf(file)
  const source = readFileSync(file, 'utf8')
  return [...imports.flatMap((target) => checkImport(name, target)), ...checkPurity(name, source, imports)]
}

/** `config/schema.ts` of `src/config/schema.ts`. */
function nameOf(file: string): string {
  return file.split(sep).slice(1).join('/')
}

/** What a file imports, types included: modules by their names, files below `src` as in `nameOf`. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8')
  const fixed = source.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'/gms)
  const dynamic = source.matchAll(/\bimport\('([^']+)'\)/g)
  return [...fixed, ...dynamic]
    .map(([, target]) => target!)
    .map((target) => (target.startsWith('.') ? normalize(join(dirname(nameOf(file)), target)) : target))
}

/** The circles of imports, each found once: a file that is met again on the way that led to it. */
function findCircles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const follow = (name: string, way: readonly string[]): readonly string[] => {
    if (way.includes(name)) return [`${[...way.slice(way.indexOf(name)), name].join(' → ')}: a circle of imports`]
    if (done.has(name)) return []
    const found = (imports.get(name) ?? []).flatMap((target) => follow(target, [...way, name]))
    done.add(name)
    return found
  }
  return [...imports.keys()].flatMap((name) => follow(name, []))
}

function checkImport(name: string, path: string): readonly string[] {
  if (!path.endsWith('.ts') || path.startsWith('..')) return []
  const [from, to] = [topOf(name), topOf(path)]
  if (floorOf(to) === -1) return [`${name}: ${to} is not drawn as a floor in scripts/check-imports.ts`]
  const isDown = from === to || floorOf(to) > floorOf(from)
  const isOutside = from !== 'components' && to === 'components'
  const bypassesEntry =
    (isOutside && !doorsOfComponents.includes(path)) ||
    (/^components\/[^/]+\//.test(path) &&
      !path.endsWith('/index.ts') &&
      dirname(path) !== dirname(name) &&
      !name.startsWith(`${dirname(path)}/`))
  // Commands do what anybody can do with the library: what they lack there, others lack, too.
  const bypassesLibrary = from !== 'operations' && to === 'operations' && path !== 'operations/index.ts'
  return [
    ...(isDown ? [] : [`${name}: imports ${path}, which lies above it`]),
    ...(bypassesEntry ? [`${name}: imports ${path}, past the component's entry point`] : []),
    ...(bypassesLibrary ? [`${name}: imports ${path}, past the library's entry point`] : []),
  ]
}

function checkPurity(name: string, source: string, imports: readonly string[]): readonly string[] {
  const isPure =
    pureFolders.includes(topOf(name)) &&
    !impureFiles.has(name) &&
    !impureFolders.some((folder) => name.startsWith(folder))
  if (!isPure) return []
  const reaching = imports.filter((target) => target.startsWith('node:') && !pureModules.has(target))
  const code = source.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*|'[^'\n]*'|`[^`]*`/gs, '')
  const calls = [
    /\bDate\.now\(/,
    /\bnew Date\(\)/,
    /\bMath\.random\(/,
    /\bprocess\./,
    /\bperformance\.now\(/,
    /\brandomBytes\(/,
  ]
  return [
    ...reaching.map((target) => `${name}: is pure and imports ${target}`),
    ...calls.filter((call) => call.test(code)).map((call) => `${name}: is pure and uses ${call.source}`),
  ]
}

function topOf(path: string): string {
  const first = path.split('/')[0]!
  return first.replace(/\.ts$/, '')
}
