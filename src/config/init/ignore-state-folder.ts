import { appendFile, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Adds `.trimaran/` to the folder's .gitignore where the folder is under git: the key of the stack lies in there.
 * Returns whether a line was added.
 */
export async function ignoreStateFolder(folder: string): Promise<boolean> {
  const file = join(folder, '.gitignore')
  const present = await readFile(file, 'utf8').catch(() => undefined)
  if (present === undefined && !(await isUnderGit(folder))) return false
  const text = present ?? ''
  if (/^\/?\.trimaran\/?\s*$/m.test(text)) return false
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  await appendFile(file, `${gap}.trimaran/\n`)
  return true
}

async function isUnderGit(folder: string): Promise<boolean> {
  const found = await stat(join(folder, '.git')).catch(() => undefined)
  if (found !== undefined) return true
  const above = dirname(folder)
  return above === folder ? false : await isUnderGit(above)
}
