import { failure, type TrimaranError } from '../errors/failure.ts'
import type { ChannelBroken } from './channel.ts'
import { classifySshFailure } from './classify-ssh-failure.ts'
import { sshAsTyped } from './ssh-command.ts'
import { scriptNotStored } from './remote-wrapper.ts'
import type { Target } from './transport.ts'

/** ssh's exit code where ssh itself failed, not the remote command. */
const sshItself = 255

/** Finds the failure from how far the remote wrapper had come when the channel ended. */
export function classifyBroken(target: Target, broken: ChannelBroken): TrimaranError {
  const lost = typeof broken.exit === 'string' || broken.exit === sshItself
  if (broken.progress === null) return lost ? classifySshFailure(target, broken.words) : noShell(target, broken)
  if (lost || broken.progress === 'begin') return connectionLost(target, broken)
  if (broken.progress === 'hello') return noRoot(target, broken)
  return broken.exit === scriptNotStored ? notStored(target, broken) : connectionLost(target, broken)
}

/** The failure of a script that did not end in time. */
export const deadlinePassed = (target: Target, seconds: number | undefined): TrimaranError =>
  failure('TRI-SSH-005', {
    what: `${target.name} was not done after ${seconds} seconds`,
    state: 'The script was left running there; it may still end',
  })

/** The failure of a script that fell silent. */
export const saysNothing = (target: Target, seconds: number): TrimaranError =>
  failure('TRI-SSH-005', {
    what: `${target.name} stopped answering`,
    why: `Nothing more came from it for ${seconds} seconds`,
    state: 'The script was left running there; it may still end',
  })

/** The failure of a script whose output is too large. */
export const answerTooLarge = (target: Target, letters: number): TrimaranError =>
  failure('TRI-SSH-008', {
    what: `The answer of ${target.name} is larger than ${Math.round(letters / 1e6)} MB`,
    state: 'What came was dropped; the script may still run there',
    next: `see what it says: \`${sshAsTyped(target)}\``,
  })

const connectionLost = (target: Target, { words, progress }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-004', {
    what: `The connection to ${target.name} broke`,
    why: words,
    state:
      progress === 'begin'
        ? 'The script there runs to its end; its result is not known here'
        : 'Whether the script began there is not known',
    next: 'Run the command again: it looks at the server, and does the rest',
  })

const noRoot = (target: Target, { words }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-003', {
    what: `No root rights on ${target.name}`,
    why: words,
    next: `Connect as root, or let the user of \`${sshAsTyped(target)}\` use sudo without a password (NOPASSWD)`,
  })

const noShell = (target: Target, { words, exit }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-007', {
    what: `${target.name} lets us in but runs no bash script`,
    why: words || `Its shell ended with exit code ${exit}`,
    next: `\`${sshAsTyped(target)} bash --version\` must work: install bash, or give the user an ordinary login shell`,
  })

const notStored = (target: Target, { words }: ChannelBroken): TrimaranError =>
  failure('TRI-SSH-007', {
    what: `${target.name} could not store the script in /run/trimaran`,
    why: words,
    state: 'Whether the script began there is not known',
    next: `Look for a full or read-only file system: \`df -h /run\``,
  })
