import { randomUUID } from 'node:crypto'
import { roleOf } from '../../components/index.ts'
import { makeRunFolder } from '../../resources/run-folder.ts'
import { runFolder } from '../../resources/state-folder.ts'
import { sh, type Shell } from '../../shell/sh.ts'

export interface CommandWish {
  /** A line of shell. */
  readonly command: string
  /** Whether it runs as the app does, in its current release; else as root. */
  readonly asApp?: boolean
}

/** A command in a file of root's: every user of a server can read the words of a running program, but not this file. */
export interface PlacedCommand {
  readonly place: Shell
  /** Runs it with the input and output that are there, and removes the file. */
  readonly run: Shell
  /** Ends it, and all that it started, where it still runs. */
  readonly stop: Shell
}

export function placeCommand({ command, asApp = false }: CommandWish): PlacedCommand {
  // The unit that runs it as the app has the same name.
  const name = `command-${randomUUID()}`
  const file = `${runFolder}/${name}`
  return {
    place: sh`
      ${makeRunFolder}
      (umask 077; cat >${file} <<<${asApp ? command : `rm -f ${file}\n${command}`})
    `,
    run: asApp
      ? sh`code=0; ${roleOf('runsApp').runInRelease(file)} || code=$?; rm -f ${file}; exit $code`
      : // Its own shell stays, with the name of the file, whatever the command replaces itself with.
        sh`bash --norc ${file}; exit $?`,
    stop: sh`
      systemctl stop ${`${name}.service`} 2>/dev/null || true
      for pid in $(pgrep -f ${file}); do kill -TERM -- "-$(ps -o pgid= -p "$pid" | tr -d ' ')" 2>/dev/null || true; done
      rm -f ${file}
    `,
  }
}
