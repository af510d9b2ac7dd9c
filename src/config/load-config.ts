import { dirname, resolve } from 'node:path'
import { findConfigFile } from './load/find-config-file.ts'
import { importConfigFile } from './load/import-config-file.ts'
import { requireNode } from './load/require-node.ts'
import { parseConfig } from './parse-config.ts'
import type { Config } from './schema.ts'

export interface LoadedConfig {
  readonly config: Config
  /** Absolute path of the config file. */
  readonly file: string
  /** The folder that it stands in, from which its paths are seen. */
  readonly folder: string
}

/**
 * Finds the config in this folder or above it, runs it, and reads what it exports. `file` names another one, seen from
 * the folder. The file and what it imports are read again each time.
 *
 * Throws TRI-CONFIG-001 (not found), -002 (does not run), -003 (has mistakes), -004 (this Node is too old).
 */
export async function loadConfig(startFolder: string, options: { readonly file?: string } = {}): Promise<LoadedConfig> {
  requireNode(process.versions.node)
  const folder = resolve(startFolder)
  const file = await findConfigFile(folder, options.file)
  const config = await importConfigFile(file, folder, ({ exported, text, shown }) =>
    parseConfig(exported, { file: shown, text }),
  )
  return { config, file, folder: dirname(file) }
}
