import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadConfig } from '../../config/load-config.ts'
import type { Rewritten } from '../../config/rewrite.ts'
import type { Config } from '../../config/schema.ts'
import type { TrimaranError } from '../../errors/failure.ts'
import type { Project } from '../session/session.ts'

/** A config file that says something else now, and can say the old again. */
export interface EditedConfig {
  /** `trimaran.config.ts:12`, seen from here; absent where the file said so already. */
  readonly where?: string
  /** From here on the file stays as it is. */
  readonly keep: () => void
  /** Puts the file back, unless somebody else has written to it since. */
  readonly putBack: () => void
}

export interface Edit<Obstacle extends string> {
  readonly rewrite: (text: string) => Rewritten<Obstacle>
  /** What the file is to mean afterwards: this, and nothing else. */
  readonly wanted: Config
  /** `place` is the line that is in the way, or the file. */
  readonly notWritable: (obstacle: Obstacle, place: string) => TrimaranError
  readonly meansMore: (place: string) => TrimaranError
}

/** A file that says already what is wanted of it. */
export const unedited: EditedConfig = { keep: () => {}, putBack: () => {} }

/**
 * Writes something into the config, and proves that it says that and nothing else: what a file means is only known by
 * running it. Until `keep` is called the file is put back even where the command is ended by Ctrl-C.
 * @throws what the edit says, where only the author of the file can write it; TRI-CONFIG-003 where the config allows no such thing
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
