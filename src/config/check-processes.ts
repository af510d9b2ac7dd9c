import { hasSection } from './check-tiers.ts'
import { fieldOf } from './field-of.ts'
import { type Mistake, pathOf } from './mistake.ts'
import type { Config } from './schema.ts'

/** Finds what is wrong among the processes of the app; the input need not be sound otherwise. */
export function checkProcesses(input: unknown): readonly Mistake[] {
  const app = fieldOf(input, 'app')
  if (typeof app !== 'object' || app === null) return []
  const processes = fieldOf(app, 'processes')
  const named = typeof processes === 'object' && processes !== null ? Object.entries(processes) : []
  return [
    ...startOf(app, fieldOf(processes, 'web')),
    ...named.flatMap(([name, process]) => oddMixture(['app', 'processes', name], name, process)),
    ...pathsTwice(named),
    ...(hasSection(input, 'database') ? [] : named.flatMap(([name, process]) => aloneWithoutDatabase(name, process))),
  ]
}

/** Which server runs it is decided by a lock in the database. */
function aloneWithoutDatabase(name: string, process: unknown): readonly Mistake[] {
  if (fieldOf(process, 'on') !== 'one') return []
  const keys = ['app', 'processes', name, 'on']
  return [
    {
      keys,
      path: pathOf(keys),
      problem: "is 'one', but there is no database tier",
      reason: 'a lock in that database decides which server runs it',
      suggestion: "write on: 'every' and let the program find out by itself, or add a database tier",
    },
  ]
}

function startOf(app: unknown, web: unknown): readonly Mistake[] {
  const keys = ['app', 'start']
  const start = fieldOf(app, 'start')
  if (start === undefined && web === undefined)
    return [
      {
        keys,
        path: pathOf(keys),
        problem: 'is missing',
        reason: "it must be the command that starts the app, such as 'node server.js'",
      },
    ]
  if (start === undefined || web === undefined) return []
  const again = ['app', 'processes', 'web']
  const reason = 'app.start is already set'
  return [
    { keys: again, path: pathOf(again), problem: 'is stated twice', reason, suggestion: 'leave out one of the two' },
  ]
}

/** What cannot be wished for together. */
const oddities: readonly { readonly if: (process: unknown, name: string) => boolean; readonly reason: string }[] = [
  {
    if: (process) => fieldOf(process, 'at') !== undefined && fieldOf(process, 'paths') !== undefined,
    reason: 'a scheduled process cannot answer requests',
  },
  {
    if: (process) => fieldOf(process, 'on') === 'one' && fieldOf(process, 'paths') !== undefined,
    reason: 'a process that answers requests runs on every app server',
  },
  {
    if: (process) =>
      (fieldOf(process, 'at') !== undefined || fieldOf(process, 'on') === 'one') &&
      fieldOf(process, 'instances') !== undefined,
    reason: 'there can be one copy of it only',
  },
  {
    if: (process, name) => name === 'web' && ['at', 'on', 'paths'].some((key) => fieldOf(process, key) !== undefined),
    reason: 'web answers all requests, on every app server',
  },
  {
    if: (process, name) =>
      name !== 'web' && fieldOf(process, 'health') !== undefined && fieldOf(process, 'paths') === undefined,
    reason: 'only a process with paths has a health check',
  },
  {
    if: (process, name) =>
      name !== 'web' && fieldOf(process, 'concurrency') !== undefined && fieldOf(process, 'paths') === undefined,
    reason: 'only a process with paths answers requests',
  },
]

const oddMixture = (keys: readonly string[], name: string, process: unknown): readonly Mistake[] =>
  oddities
    .filter((oddity) => oddity.if(process, name))
    .slice(0, 1)
    .map(({ reason }) => ({ keys, path: pathOf(keys), problem: 'contradicts itself', reason }))

function pathsTwice(named: readonly (readonly [string, unknown])[]): readonly Mistake[] {
  const owners = new Map<unknown, string>()
  return named.flatMap(([name, process]) => {
    const paths = fieldOf(process, 'paths')
    if (!Array.isArray(paths)) return []
    return paths.flatMap((path: unknown, index): readonly Mistake[] => {
      // A slash at the end says nothing more.
      const meant = typeof path === 'string' ? path.replace(/\/+$/, '') : path
      const owner = owners.get(meant)
      owners.set(meant, owner ?? name)
      const keys = ['app', 'processes', name, 'paths', index]
      if (owner === undefined) return []
      return [{ keys, path: pathOf(keys), problem: `is ${String(path)}, which ${owner} has already` }]
    })
  })
}

/** The app itself is `app.start`, also where it was written as the process `web`. */
export function placeWeb(config: Config): Config {
  const { web, ...processes } = config.app.processes
  if (web === undefined) return config
  const { start, instances = config.app.instances, health = config.app.health } = web
  const { concurrency = config.app.concurrency } = web
  const more = concurrency === undefined ? {} : { concurrency }
  return { ...config, app: { ...config.app, start, instances, health, processes, ...more } }
}
