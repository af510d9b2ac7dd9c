import { type Server, serversOf, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'

export function explainPgbouncer(_server: Server, stack: Stack): Explanation {
  const isAlone = serversOf(stack, 'app').length === 1
  const canMove = serversOf(stack, 'database').length > 1
  return {
    what: 'PgBouncer: the connection pool. It lends database connections for one transaction at a time.',
    why: 'Each connection costs PostgreSQL a process. The app may open thousands here, but the database has few, since few are in a transaction at the same moment.',
    brings: {
      scalability: 'More copies of the app, and more app servers, need no more connections to the database.',
      isolation: 'A burst of queries waits here, not in the database.',
      performance: 'New connections of the app are fast, and reuse prepared statements.',
      ...(canMove && {
        'ease of maintenance': 'While the primary moves, queries wait here instead of failing.',
      }),
    },
    whenItDies: `systemd starts it again within a fraction of a second; transactions that ${
      isAlone ? 'the app' : 'the app on this server'
    } has under way are rolled back, and it reconnects.`,
  }
}
