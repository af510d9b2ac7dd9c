import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadConfig } from '../../config/load-config.ts'
import type { Rewritten } from '../../config/rewrite.ts'
import type { Config } from '../../config/schema.ts'
import type { TrimaranError } from '../../errors/failure.ts'
import type { Project } from '../session/session.ts'

/** A config file that was edited, and can be restored. */
export interface EditedConfig {
  /** `trimaran.config.ts:12`, relative to the working directory; absent where the file needed no edit. */
  readonly where?: string
  /** Keeps the edit from now on. */
  readonly keep: () => void
  /** Restores the file, unless somebody else has written to it since. */
  readonly putBack: () => void
}

export interface Edit<Obstacle extends string> {
  readonly rewrite: (text: string) => Rewritten<Obstacle>
  /** What the config must say after the edit: exactly this. */
  readonly wanted: Config
  /** `place` is the line that is in the way, or the file. */
  readonly notWritable: (obstacle: Obstacle, place: string) => TrimaranError
  readonly meansMore: (place: string) => TrimaranError
}

/** A file that needs no edit. */
export const unedited: EditedConfig = { keep: () => {}, putBack: () => {} }

/**
 * Edits the config, and proves by running it that it changed in this one place only. Until `keep` is called, the file
 * is restored even if Ctrl-C ends the command.
 * @throws the failure of the edit, where the file must be edited by hand; TRI-CONFIG-003 where the new value is not
 * allowed
 */
export async function editConfig<Obstacle extends string>(
  { file, folder }: Project,
  edit: Edit<Obstacle>,
): Promise<EditedConfig> {
  const old = readFileSync(file, 'utf8')
  const rewritten = edit.rewrite(old)
  if (!('text' in rewritten)) throw edit.notWritable(rewritten.obstacle, placeOf(file, rewritten))
  const { text } = rewritten
  const putBack = (): void => {
    process.off('exit', putBack)
    if (readFileSync(file, 'utf8') === text) writeFileSync(file, old)
  }
  process.on('exit', putBack)
  writeFileSync(file, text)
  try {
    const { config } = await loadConfig(folder, { file })
    if (!isDeepStrictEqual(config, edit.wanted)) throw edit.meansMore(shown(file))
  } catch (error) {
    putBack()
    throw error
  }
  return { where: placeOf(file, rewritten), keep: () => void process.off('exit', putBack), putBack }
}

function placeOf(file: string, { position, line }: { position?: { readonly line: number }; line?: string }): string {
  if (position === undefined) return shown(file)
  return `${shown(file)}:${position.line}${line === undefined ? '' : `  ${line}`}`
}

const shown = (file: string): string => relative(process.cwd(), file) || file
