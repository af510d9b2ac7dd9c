import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { failure } from '../../errors/failure.ts'
import { configNames } from '../load/find-config-file.ts'
import { type DetectedApp, detectApp } from './detect-app.ts'
import { ignoreStateFolder } from './ignore-state-folder.ts'
import { readFolder } from './read-folder.ts'
import { styleOf } from './source-style.ts'
import { writeConfigText } from './write-config-text.ts'
import { trimaran } from '../../speech/suggested-command.ts'

export interface InitResult {
  /** Absolute path of the file that was written. */
  readonly file: string
  readonly text: string
  readonly detected: DetectedApp
  /** Whether `.trimaran/` was added to .gitignore. */
  readonly ignored: boolean
}

/**
 * Writes a commented trimaran.config.ts for the app in a folder. Throws TRI-CONFIG-005 where one is there already;
 * nothing else in the folder is changed but its .gitignore.
 */
export async function initConfig(folder: string): Promise<InitResult> {
  const facts = await readFolder(resolve(folder))
  const present = configNames.find((name) => facts.entries.includes(name))
  if (present !== undefined) throw alreadyThere(present)
  const detected = detectApp(facts)
  const text = writeConfigText(detected, styleOf(facts.sources.values()))
  const file = join(resolve(folder), configNames[0]!)
  await writeFile(file, text, { flag: 'wx' })
  return { file, text, detected, ignored: await ignoreStateFolder(resolve(folder)) }
}

function alreadyThere(name: string) {
  return failure('TRI-CONFIG-005', {
    what: `${name} is there already`,
    why: 'it was left as it is',
    next: `${trimaran('explain')} explains it; to start again, move it away first`,
  })
}
