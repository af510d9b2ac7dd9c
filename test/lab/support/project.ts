import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ran, runProgram, type Running } from './run-program.ts'

const root = new URL('../../../', import.meta.url).pathname
const command = join(root, 'bin', 'trimaran.js')

/** A copy of the guestbook in a folder of its own, with a stack name of its own, driven by the real command. */
export interface Project {
  readonly folder: string
  readonly name: string
  /** Runs `trimaran …` as an operator would, without a terminal. Never throws: look at `code`. */
  readonly trimaran: (...words: readonly string[]) => Promise<Ran>
  /** Starts it without waiting, for tests that kill it. */
  readonly start: (...words: readonly string[]) => Running
  /** Replaces text in the config. */
  readonly edit: (find: string, replacement: string) => Promise<void>
  /** Ends its lab and removes the folder. */
  readonly remove: () => Promise<void>
}

/** `title` begins the stack's name; the rest of it is this run's own, since others may test on the same computer. */
export async function makeProject(title: string): Promise<Project> {
  const name = `${title}-${process.pid}`
  const folder = await mkdtemp(join(tmpdir(), `trimaran-${name}-`))
  const isSource = (path: string): boolean => !/node_modules|\.trimaran/.test(path.slice(join(root, 'examples').length))
  await cp(join(root, 'examples', 'guestbook'), folder, { recursive: true, filter: isSource })
  const config = join(folder, 'trimaran.config.ts')
  const edit = async (find: string, replacement: string): Promise<void> => {
    const text = await readFile(config, 'utf8')
    if (!text.includes(find)) throw new Error(`the config has no ${find}`)
    await writeFile(config, text.replace(find, replacement))
  }
  await edit("name: 'guestbook'", `name: '${name}'`)
  const start: Project['start'] = (...words) => runProgram(process.execPath, [command, ...words], { cwd: folder })
  const trimaran: Project['trimaran'] = (...words) => start(...words).ended
  const remove = async (): Promise<void> => {
    await trimaran('lab', 'down', name)
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, name, trimaran, start, edit, remove }
}
