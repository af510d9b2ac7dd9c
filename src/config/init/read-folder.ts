import { readFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { FolderFacts, PackageJson } from './folder-facts.ts'

const sourceFolders = ['.', 'src', 'app', 'server', 'routes']
const mostSources = 60
const mostLetters = 200_000

/** Looks at a folder's own files, and at the sources on top of it; nothing is run. */
export async function readFolder(folder: string): Promise<FolderFacts> {
  const entries = await list(folder)
  const packageJson = readPackageJson(await readText(join(folder, 'package.json')))
  const procfile = await readText(join(folder, 'Procfile'))
  const nodeVersion = (await readText(join(folder, '.nvmrc'))) ?? (await readText(join(folder, '.node-version')))
  return {
    name: basename(folder),
    entries: await withIndexPages(folder, entries),
    ...(packageJson && { packageJson }),
    ...(procfile !== undefined && { procfile }),
    ...(nodeVersion !== undefined && { nodeVersion }),
    sources: await readSources(folder),
  }
}

async function readSources(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await Promise.all(
    sourceFolders.map(async (inner) => {
      const entries = await list(join(folder, inner))
      return entries.filter((name) => /\.[cm]?[jt]s$/.test(name)).map((name) => join(inner, name))
    }),
  )
  const sources = new Map<string, string>()
  for (const name of names.flat().slice(0, mostSources)) {
    const text = await readText(join(folder, name))
    if (text !== undefined) sources.set(name, text.slice(0, mostLetters))
  }
  return sources
}

/** Says which folders hold a page, by naming the page beside them: `dist/index.html`. */
async function withIndexPages(folder: string, entries: readonly string[]): Promise<readonly string[]> {
  const pages = await Promise.all(
    ['dist', 'build'].map(async (inner) => {
      const hasPage = (await list(join(folder, inner))).includes('index.html')
      return hasPage ? [`${inner}/index.html`] : []
    }),
  )
  return [...entries, ...pages.flat()]
}

function readPackageJson(text: string | undefined): PackageJson | undefined {
  const read = text === undefined ? undefined : parseObject(text)
  if (read === undefined) return undefined
  const { name, main, scripts, engines, dependencies } = read
  const nodeRange = isObject(engines) ? engines['node'] : undefined
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof main === 'string' && { main }),
    scripts: Object.fromEntries(
      Object.entries(isObject(scripts) ? scripts : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    ...(typeof nodeRange === 'string' && { nodeRange }),
    hasDependencies: isObject(dependencies) && Object.keys(dependencies).length > 0,
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return isObject(read) ? read : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

async function list(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort()
}

async function readText(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined)
}
