import { sh, type Shell } from '../shell/sh.ts'
import { runFolder } from './state-folder.ts'

/** Held by the script that changes the server, and waited for by whoever asks it. */
export const applyLockPath = `${runFolder}/apply.lock`

/** Makes the folder of locks. `/run` is root's, so nobody else can have been there first. */
export const makeRunFolder: Shell = sh`install -d -m 0700 -o root -g root ${runFolder}`
