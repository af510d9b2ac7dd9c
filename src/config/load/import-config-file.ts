import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { failure, TrimaranError } from '../../errors/failure.ts'
import { explainImportError } from './explain-import-error.ts'
import { loadMark, withOwnImports } from './own-imports.ts'
import { refuseEnding } from './refuse-ending.ts'

interface ImportedConfig {
  /** What the file exports as its default; not checked yet. */
  readonly exported: unknown
  readonly text: string
  /** The file's name for messages. */
  readonly shown: string
}

/**
 * Runs a config file, and hands what it exports to `read`. Messages name it as seen from `folder`. Throws TRI-CONFIG-002,
 * with the place in the file.
 */
export async function importConfigFile<Result>(
  file: string,
  folder: string,
  read: (imported: ImportedConfig) => Result,
): Promise<Result> {
  const shown = relative(folder, file)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw failure('TRI-CONFIG-002', { what: `${shown} cannot be read`, why }, { cause: error })
  })
  const names = await runModule(file).catch((error: unknown) => {
    throw explainImportError(error, { file, shown, folder, text })
  })
  try {
    return read({ exported: defaultOf(names, shown), text, shown })
  } catch (error) {
    // A getter of the user's throws where it is read.
    throw isOfConfig(error) ? explainImportError(error, { file, shown, folder, text }) : error
  }
}

async function runModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const importing = async (address: string): Promise<Readonly<Record<string, unknown>>> => {
    const names: Readonly<Record<string, unknown>> = await import(address)
    // A promise is waited for here, so that its failure is told like any other of the file.
    return 'default' in names ? { ...names, default: await names['default'] } : names
  }
  return await withOwnImports(pathToFileURL(file).href, (address) => refuseEnding(() => importing(address)))
}

const isOfConfig = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof TrimaranError) && loadMark.test(error.stack?.split('\n')[1] ?? '')

function defaultOf(names: Readonly<Record<string, unknown>>, shown: string): unknown {
  const next = 'write `export default defineStack({ … })`'
  if (!('default' in names)) {
    const others = Object.keys(names)
    const why = others.length === 0 ? 'it exports nothing' : `it exports ${others.join(', ')}, but no default`
    throw failure('TRI-CONFIG-002', { what: `${shown} has no default export`, why, next })
  }
  if (typeof names['default'] === 'function') {
    const why = 'a stack is a value; compute variable parts above it'
    throw failure('TRI-CONFIG-002', { what: `${shown} exports a function instead of a stack`, why, next })
  }
  return names['default']
}
