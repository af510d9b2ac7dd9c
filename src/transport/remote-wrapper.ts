import { readFileSync } from 'node:fs'
import { quote } from '../shell/sh.ts'

/**
 * What the wrapper does with a script, and with what follows it on standard input:
 * `run`: nothing follows, and the script finishes even when the connection is lost;
 * `feed`: what follows is the script's own standard input;
 * `follow`: the script is ended as soon as standard input ends, that is when the operator stops listening.
 */
export type Mode = 'run' | 'feed' | 'follow'

/**
 * The command that sshd is asked to run: it becomes root, reads exactly `bytes` bytes of script from standard input,
 * and only then runs it. Its marks, lines that start with the nonce or the secret, tell how far it came:
 *
 * - `hello` on standard output: the server answers; only now is the script sent, so that a connection that dies before
 *   has certainly run nothing, and the script may be sent again;
 * - `root`: it has root's rights;
 * - `begin` on both outputs: the script has arrived whole and begins;
 * - `end <code>` on standard output, `end` on standard error: it has ended. An ssh that ends without these has lost the
 *   connection, whatever its exit code.
 *
 * Every user of the server can read the nonce, in the list of processes, and a script may print what others wrote, such as an
 * app's log. So from `begin` on the marks start with a secret, which travels on standard input before the script and is known to
 * this one shell alone.
 */
export function wrapRemote(nonce: string, bytes: number, mode: Mode): string {
  const words = ['exec', 'bash', '--norc', '-c', becomeRoot, 'trimaran', receiveScript, nonce, String(bytes), mode]
  return words.map(quote).join(' ')
}

/** How the secret is sent: before the script, on a line of its own. */
export const packSecret = (secret: string): string => `${secret}\n`

/** A script as it is sent: it first removes its own file, which may hold secrets; bash has opened it by then. */
export function packScript(nonce: string, script: string): Buffer {
  return Buffer.from(`rm -r ${folderOf(nonce)}; cd /; unset OLDPWD; ${script}\n`)
}

/** The exit code of `receive-script` where it could not store the script whole. */
export const scriptNotStored = 97

const folderOf = (nonce: string): string => `/run/trimaran/script-${nonce}`

// --norc: Debian's bash would otherwise read ~/.bashrc, as the login shell just did, since sshd started it.
const becomeRoot =
  String.raw`printf "%s hello\n" "$2"; if [ "$EUID" = 0 ]; then eval "$1"; ` +
  `else exec sudo -n -H -- bash --norc -c "$1" "$0" "$@"; fi`

/** The program, which becomes root's shell. */
const receiveScript = readFileSync(new URL('files/receive-script', import.meta.url), 'utf8')
