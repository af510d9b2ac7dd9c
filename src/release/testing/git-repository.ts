import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

/** Runs a script in a folder, with a git that knows its author, and nothing of this computer's own settings. */
export function shell(folder: string, script: string): string {
  return execFileSync('/bin/bash', ['-euc', script], {
    cwd: folder,
    encoding: 'latin1',
    env: {
      ...process.env,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** A repository with these files, all of them committed. */
export async function repository(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await temporaryFolder(files)
  shell(folder, 'git init -q -b main; git add -A; git commit -q --allow-empty -m first')
  return folder
}

/** All files and links in a folder, a letter for each byte of their names. */
export const namesIn = (folder: string): readonly string[] =>
  shell(folder, String.raw`find . -mindepth 1 ! -type d -printf '%P\0' | LC_ALL=C sort -z`)
    .split('\0')
    .filter((name) => name !== '')

export const fresh = async (): Promise<string> => join(await temporaryFolder(), 'release')
