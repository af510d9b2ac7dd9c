import { readFileSync } from 'node:fs'
import { quote } from '../shell/sh.ts'

/**
 * How the wrapper runs a script, and what follows the script on standard input:
 * `run`: nothing follows, and the script finishes even when the connection is lost;
 * `feed`: the rest of standard input is the script's standard input;
 * `follow`: the script is ended as soon as standard input ends, that is, when the operator stops listening.
 */
export type Mode = 'run' | 'feed' | 'follow'

/**
 * The command that sshd runs. It becomes root, reads exactly `bytes` bytes of script from standard input, and only then runs the
 * script. Its marks, which are lines that start with the nonce or the secret, show how far it came:
 *
 * - `hello` on standard output: the server answers. The script is sent only now. If the connection breaks before this, nothing
 *   has run, and the script may be sent again;
 * - `root`: it has root's rights;
 * - `begin` on both outputs: the script has arrived whole and begins;
 * - `end <code>` on standard output, `end` on standard error: it has ended. An ssh that ends without these has lost the
 *   connection, whatever its exit code.
 *
 * Every user of the server can read the nonce in the list of processes, and a script may print text of others, such as an app's
 * log. So from `begin` on, the marks start with a secret. It is sent on standard input before the script, and only this shell
 * knows it.
 */
export function wrapRemote(nonce: string, bytes: number, mode: Mode): string {
  const words = ['exec', 'bash', '--norc', '-c', becomeRoot, 'trimaran', receiveScript, nonce, String(bytes), mode]
  return words.map(quote).join(' ')
}

/** The line with the secret, which is sent before the script. */
export const packSecret = (secret: string): string => `${secret}\n`

/** A script as it is sent. It first removes its own file, which may contain secrets; bash has opened it by then. */
export function packScript(nonce: string, script: string): Buffer {
  return Buffer.from(`rm -r ${folderOf(nonce)}; cd /; unset OLDPWD; ${script}\n`)
}

/** The exit code of `receive-script` where it could not store the whole script. */
export const scriptNotStored = 97

const folderOf = (nonce: string): string => `/run/trimaran/script-${nonce}`

// --norc: Debian's bash, started by sshd, would otherwise read ~/.bashrc a second time.
const becomeRoot =
  String.raw`printf "%s hello\n" "$2"; if [ "$EUID" = 0 ]; then eval "$1"; ` +
  `else exec sudo -n -H -- bash --norc -c "$1" "$0" "$@"; fi`

/** The program that becomes root's shell. */
const receiveScript = readFileSync(new URL('files/receive-script', import.meta.url), 'utf8')
