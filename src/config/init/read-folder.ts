import { constants, open, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createFolder, type Folder } from './folder.ts'
import { pythonLists } from './python-project.ts'

/** A look at an app needs no more, and a folder such as a home may have millions of files. */
const deepest = 4
/** Bytes. */
const longestText = 100_000

interface Bounds {
  /** Names that are listed. */
  readonly entries: number
  /** Files whose beginning is read. */
  readonly texts: number
}

export const mostRead: Bounds = { entries: 5000, texts: 400 }

/** What others made, or what a build makes anew. */
const passedOver: ReadonlySet<string> = new Set(
  'node_modules .git .hg .svn .trimaran .venv venv env __pycache__ site-packages target _build deps .next .nuxt .output .svelte-kit .cache .turbo .gradle .idea .vscode obj coverage tmp log logs'.split(
    ' ',
  ),
)
/** Of these, only the first floor tells something: whether a page lies there, or other people's code. */
const shallow: ReadonlySet<string> = new Set([
  'bin',
  'dist',
  'build',
  'out',
  'vendor',
  '_site',
  'public',
  'static',
  'storage',
])

export interface ReadFolder {
  readonly folder: Folder
  /** Files and folders that could not be read. */
  readonly unreadable: readonly string[]
  /** What is there and was not looked at for its number: whether names were not listed, and how many files were not read. */
  readonly leftOut: { readonly names: boolean; readonly texts: number }
}

/** Looks at a folder's names, and at the texts that say what an app is made with; nothing is run. */
export async function readFolder(path: string, bounds: Partial<Bounds> = {}): Promise<ReadFolder> {
  const most = { ...mostRead, ...bounds }
  const { names, unreadable, isCut } = await listNames(path, most.entries)
  const texts = new Map<string, string>()
  const wanted = names.filter((name) => !name.endsWith('/') && isTelling(name)).toSorted(byWeight)
  for (const name of wanted.slice(0, most.texts)) {
    const text = await readBeginning(join(path, name))
    if (text === undefined) unreadable.push(name)
    else texts.set(name, text)
  }
  return {
    folder: createFolder(basename(path), names, texts),
    unreadable,
    leftOut: { names: isCut, texts: Math.max(0, wanted.length - most.texts) },
  }
}

/** Breadth first, so that what is left out where there is too much lies deep. */
async function listNames(path: string, most: number) {
  const names: string[] = []
  const unreadable: string[] = []
  let isCut = false
  let floor = ['']
  for (let depth = 1; depth <= deepest && !isCut; depth += 1) {
    const next: string[] = []
    for (const inner of floor) {
      const entries = await readdir(join(path, inner), { withFileTypes: true }).catch(() => undefined)
      if (entries === undefined) {
        unreadable.push(inner === '' ? '.' : inner)
        continue
      }
      isCut = entries.length > most - names.length
      for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, most - names.length)) {
        const name = inner + entry.name
        names.push(entry.isDirectory() ? `${name}/` : name)
        if (entry.isDirectory() && !passedOver.has(entry.name) && !shallow.has(inner.split('/')[0]!))
          next.push(`${name}/`)
      }
      if (isCut) break
    }
    floor = next
  }
  return { names, unreadable, isCut }
}

const sources = /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|java|kt|cs|exs?|svelte|vue|astro|prisma)$/
const manifests =
  /(?:^|\/)(?:package\.json|project\.json|angular\.json|deno\.jsonc?|pnpm-workspace\.yaml|\.yarnrc\.yml|\.nvmrc|\.node-version|Procfile|Dockerfile|Containerfile|Gemfile(?:\.lock)?|Cargo\.toml|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|[\w.-]+\.(?:csproj|fsproj|cabal|gemspec)|hugo\.(?:toml|ya?ml)|config\.(?:toml|ya?ml|ru)|database\.ya?ml|application(?:-\w+)?\.(?:properties|ya?ml)|appsettings(?:\.Production)?\.json|_config\.yml|manage\.py|artisan|index\.html|\.env\.example)$/

const isManifest = (name: string): boolean => manifests.test(name) || pythonLists.test(name)
const isTelling = (name: string): boolean => isManifest(name) || sources.test(name)

/** Manifests before sources, and what lies near the top before what lies deep. */
const byWeight = (a: string, b: string): number => weightOf(a) - weightOf(b) || (a < b ? -1 : 1)
const weightOf = (name: string): number => (isManifest(name) ? 0 : 10) + name.split('/').length

async function readBeginning(file: string): Promise<string | undefined> {
  // A named pipe would make an ordinary open wait for ever.
  const opened = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined)
  if (opened === undefined) return undefined
  try {
    if (!(await opened.stat()).isFile()) return undefined
    const { buffer, bytesRead } = await opened.read({ buffer: Buffer.alloc(longestText), position: 0 })
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    return undefined
  } finally {
    await opened.close()
  }
}
