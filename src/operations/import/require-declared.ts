import { failure } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import type { Session } from '../session/session.ts'

/** Whether a database is one of the stack's. @throws TRI-IMPORT-002 */
export function requireDeclared({ stack }: Pick<Session, 'stack'>, database: string): void {
  const declared = ['app', ...stack.declared.database.databases]
  if (declared.includes(database)) return
  throw failure('TRI-IMPORT-002', {
    what: `${database} is no database of this stack`,
    why: `it has ${declared.join(', ')}`,
    state: 'nothing was changed',
    next: `state \`database: { databases: ['${database}'] }\`, and run ${trimaran('up')} first`,
  })
}
