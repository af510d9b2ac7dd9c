import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { failure } from '../../errors/failure.ts'
import { configNames } from '../load/find-config-file.ts'
import { type Detected, detectApp } from './detect-app.ts'
import { ignoreStateFolder } from './ignore-state-folder.ts'
import { readFolder, type ReadFolder } from './read-folder.ts'
import { styleOf } from './source-style.ts'
import { tellLimits } from './tell-limits.ts'
import { writeConfigText } from './write-config-text.ts'
import { trimaran } from '../../speech/suggested-command.ts'

export interface InitResult {
  /** Absolute path of the file that was written. */
  readonly file: string
  readonly text: string
  readonly detected: Detected
  /** Other files that were written, because the start command needs them. */
  readonly companions: readonly string[]
  /** Whether `.trimaran/` was added to .gitignore. */
  readonly ignored: boolean
}

export interface InitOptions {
  /** The command that starts the app, where the user says so. */
  readonly start?: string
  /** The user's home folder, which is no app. */
  readonly home?: string
}

/**
 * Writes a commented trimaran.config.ts for the app in a folder, and a file that its start command needs, where it has none.
 * Nothing else in the folder is changed but its .gitignore.
 * @throws TRI-CONFIG-005 where a config is there already; TRI-CONFIG-009 where no app is; TRI-USAGE-001 where `start` is no command
 */
export async function initConfig(path: string, { start, home = homedir() }: InitOptions = {}): Promise<InitResult> {
  const at = resolve(path)
  if ([resolve(home), '/'].includes(at)) throw notAProject(at)
  const read = await readFolder(at)
  if (read.unreadable.includes('.')) throw unreadable(at)
  const present = configNames.find((name) => read.folder.entries.includes(name))
  if (present !== undefined) throw alreadyThere(present)
  const found = detectApp(read.folder, start)
  const detected = { ...found, advice: [...found.advice, ...tellLimits(read)] }
  const text = writeConfigText(detected, styleOf(scriptsIn(read)))
  const file = join(at, configNames[0]!)
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    throw notWritable(at, error)
  })
  const { companion } = detected
  const isMissing = companion !== undefined && !read.folder.has(companion.file)
  if (isMissing) await writeFile(join(at, companion.file), companion.text, { flag: 'wx' })
  return {
    file,
    text,
    detected,
    companions: isMissing ? [companion.file] : [],
    ignored: await ignoreStateFolder(at),
  }
}

/** The config is written as the project's own scripts are. */
const scriptsIn = ({ folder }: ReadFolder): readonly string[] =>
  folder
    .find(/\.[cm]?[jt]s$/)
    .slice(0, 60)
    .map((path) => folder.text(path))

function alreadyThere(name: string) {
  return failure('TRI-CONFIG-005', {
    what: `${name} is there already`,
    why: 'it was left as it is',
    next: `${trimaran('explain')} explains it; to start again, move it away first`,
  })
}

const notAProject = (at: string) =>
  failure('TRI-CONFIG-009', {
    what: at === '/' ? 'This is the root of the file system, and no app' : 'This is your home folder, and no app',
    why: 'all that lies below the config would be taken for the app',
    state: 'nothing was written',
    next: "change to the app's own folder",
  })

const unreadable = (at: string) =>
  failure('TRI-CONFIG-009', {
    what: 'This folder cannot be read',
    where: at,
    state: 'nothing was written',
    next: `see that you may read it: \`ls ${at}\``,
  })

const notWritable = (at: string, error: unknown) =>
  failure(
    'TRI-CONFIG-009',
    {
      what: `${configNames[0]!} could not be written`,
      where: at,
      why: error instanceof Error ? error.message : String(error),
      state: 'nothing was written',
      next: 'see that you may write in this folder',
    },
    { cause: error },
  )
