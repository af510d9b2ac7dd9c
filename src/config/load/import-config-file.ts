import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { failure } from '../../errors/failure.ts'
import { explainImportError } from './explain-import-error.ts'
import { withOwnImports } from './own-imports.ts'

interface ImportedConfig {
  /** What the file exports as its default; not checked yet. */
  readonly exported: unknown
  readonly text: string
  /** The file's name for messages. */
  readonly shown: string
}

/** Runs a config file. Messages name it as seen from `folder`. Throws TRI-CONFIG-002, with the place in the file. */
export async function importConfigFile(file: string, folder: string): Promise<ImportedConfig> {
  const shown = relative(folder, file)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw failure('TRI-CONFIG-002', { what: `${shown} cannot be read`, why }, { cause: error })
  })
  const names = await runModule(file).catch((error: unknown) => {
    throw explainImportError(error, { file, shown, folder, text })
  })
  return { exported: defaultOf(names, shown), text, shown }
}

async function runModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  return await withOwnImports(pathToFileURL(file).href, async (address) => {
    const names: Readonly<Record<string, unknown>> = await import(address)
    // A promise is waited for here, so that its failure is told like any other of the file.
    return 'default' in names ? { ...names, default: await names['default'] } : names
  })
}

function defaultOf(names: Readonly<Record<string, unknown>>, shown: string): unknown {
  const next = 'write `export default defineStack({ … })`'
  if (!('default' in names)) {
    const others = Object.keys(names)
    const why = others.length === 0 ? 'it exports nothing' : `it exports ${others.join(', ')}, but no default`
    throw failure('TRI-CONFIG-002', { what: `${shown} has no default export`, why, next })
  }
  if (typeof names['default'] === 'function') {
    const why = 'a stack is a value; what depends on circumstances can be computed above it'
    throw failure('TRI-CONFIG-002', { what: `${shown} exports a function instead of a stack`, why, next })
  }
  return names['default']
}
