import { sh, type Shell } from '../shell/sh.ts'
import { runFolder } from './state-folder.ts'

/** The script that changes the server holds it; questions to the server wait for it. */
export const applyLockPath = `${runFolder}/apply.lock`

/** Makes the folder of locks. `/run` is root's, so nobody else can have been there first. */
export const makeRunFolder: Shell = sh`install -d -m 0700 -o root -g root ${runFolder}`
