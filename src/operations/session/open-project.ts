import { join } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import { closePrivateFolder } from '../../engine/private-folder.ts'
import { learnFromConfig } from './learn-secrets.ts'
import type { Project } from './session.ts'

/** Where to find a config. */
export interface ProjectPlace {
  /** The folder where the search for the config begins, and goes on above; the working directory unless stated. */
  readonly folder?: string
  /** Another config file, relative to the folder. */
  readonly config?: string
}

/**
 * Reads the config of a project.
 * @throws TRI-CONFIG-001 where there is none; -002 where it does not run; -003 where it has mistakes.
 */
export async function openProject({ folder = process.cwd(), config }: ProjectPlace = {}): Promise<Project> {
  const loaded = await loadConfig(folder, config === undefined ? {} : { file: config })
  const stateFolder = join(loaded.folder, '.trimaran')
  await closePrivateFolder(stateFolder)
  learnFromConfig(loaded.config)
  return { ...loaded, stateFolder }
}
