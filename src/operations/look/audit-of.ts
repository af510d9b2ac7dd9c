import { hostname, userInfo } from 'node:os'
import { type AuditEntry, auditEntry } from '../../engine/apply-script.ts'
import { redactCommand } from '../../speech/redact-command.ts'
import type { Session } from '../session/session.ts'

/** What the audit trail remembers of a command that an operator ran on servers: nothing in it that is a secret. */
export const auditOf = ({ stack }: Session, command: string, words: string): AuditEntry =>
  auditEntry({
    operator: `${userInfo().username}@${hostname()}`,
    command,
    stack: stack.name,
    about: redactCommand(words),
  })
