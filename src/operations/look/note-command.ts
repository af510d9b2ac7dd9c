import { auditEntry } from '../../engine/apply-script.ts'
import { noteInTrail } from '../../engine/note-in-trail.ts'
import type { Shell } from '../../shell/sh.ts'
import { redactCommand } from '../../speech/redact-command.ts'
import { nameOf, type Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'

/** Writes a command that an operator runs on a server to its audit trail, with secrets masked. */
export const noteCommand = (
  { stack }: Pick<Session, 'stack'>,
  command: string,
  words: string,
  terms: Pick<Terms, 'name'> = {},
): Shell =>
  noteInTrail(auditEntry({ operator: nameOf(terms), command, stack: stack.name, about: redactCommand(words) }))
