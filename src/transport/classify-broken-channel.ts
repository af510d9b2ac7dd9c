import { failure, type TrimaranError } from '../errors/failure.ts'
import type { ChannelBroken } from './channel.ts'
import { classifySshFailure } from './classify-ssh-failure.ts'
import { sshAsTyped } from './ssh-command.ts'
import { scriptNotStored } from './remote-wrapper.ts'
import type { Place } from './transport.ts'

/** ssh's own exit code where it, and not the remote command, failed. */
const sshItself = 255

/** Says what went wrong from how far the remote wrapper had come when the channel ended. */
export function classifyBroken(place: Place, broken: ChannelBroken): TrimaranError {
  const lost = typeof broken.exit === 'string' || broken.exit === sshItself
  if (broken.progress === null) return lost ? classifySshFailure(place, broken.words) : noShell(place, broken)
  if (lost || broken.progress === 'begin') return connectionLost(place, broken)
  if (broken.progress === 'hello') return noRoot(place, broken)
  return broken.exit === scriptNotStored ? notStored(place, broken) : connectionLost(place, broken)
}

/** The failure of a script that has not ended in time. */
export const deadlinePassed = (place: Place, seconds: number | undefined): TrimaranError =>
  failure('TRI-SSH-005', {
    what: `${place.name} was not done after ${seconds} seconds`,
    state: 'The script was left running there; it may still end',
  })

/** The failure of a script that says more than can be meant. */
export const answerTooLarge = (place: Place, letters: number): TrimaranError =>
  failure('TRI-SSH-008', {
    what: `The answer of ${place.name} is larger than ${Math.round(letters / 1e6)} MB`,
    state: 'What came was dropped; the script may still run there',
    next: `look what it says: \`${sshAsTyped(place)}\``,
  })

const connectionLost = (place: Place, { words, progress }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-004', {
    what: `The connection to ${place.name} broke`,
    why: words,
    state:
      progress === 'begin'
        ? 'The script that ran there goes on to its end; what it did is not known here'
        : 'Whether the script began there is not known',
    next: 'Run the command again: it looks at what the server holds, and does the rest',
  })

const noRoot = (place: Place, { words }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-003', {
    what: `No root rights on ${place.name}`,
    why: words,
    next: `Connect as root, or let the user of \`${sshAsTyped(place)}\` use sudo without a password (NOPASSWD)`,
  })

const noShell = (place: Place, { words, exit }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-007', {
    what: `${place.name} lets us in but runs no bash script`,
    why: words || `Its shell ended with exit code ${exit}`,
    next: `\`${sshAsTyped(place)} bash --version\` must work: install bash, or give the user an ordinary login shell`,
  })

const notStored = (place: Place, { words }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-007', {
    what: `${place.name} could not store the script in /run/trimaran`,
    why: words,
    state: 'Whether the script began there is not known',
    next: `Look for a full or read-only file system: \`df -h /run\``,
  })
