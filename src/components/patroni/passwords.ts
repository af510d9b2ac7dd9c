import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import type { RenderContext } from '../component.ts'

type Secret = RenderContext['secret']

/** The roles that have a password, and the name of the secret that it is. */
const roles = {
  app: 'postgres-app',
  postgres: 'postgres-superuser',
  replicator: 'postgres-replication',
  rewind: 'postgres-rewind',
} as const

export type Role = keyof typeof roles
export const roleNames = Object.keys(roles) as readonly Role[]

export const passwordOf = (role: Role, secret: Secret): string => secret(roles[role])

/**
 * What PostgreSQL keeps instead of the password, so that it is never told the password itself: RFC 5803, and
 * https://www.postgresql.org/docs/17/catalog-pg-authid.html. Its salt comes from the stack key, too: the same key gives the
 * same text, which can be compared with what is there, and lets PgBouncer log in for whoever logged in to it.
 */
export function verifierOf(role: Role, secret: Secret): string {
  const salt = createHash('sha256')
    .update(secret(`salt of ${roles[role]}`))
    .digest()
    .subarray(0, 16)
  return scramVerifier(passwordOf(role, secret), salt)
}

/** PostgreSQL's own default. The passwords are random and long: more rounds would only make each login slower. */
const iterations = 4096

/** For passwords of ASCII characters, which need no SASLprep. */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyFrom = (name: string): Buffer => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(keyFrom('Client Key')).digest('base64')
  const serverKey = keyFrom('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

/** No statement that follows in the same session gets into a log or into pg_stat_statements, not even one that fails. */
export const unseen = `set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
set pg_stat_statements.track_utility = 'off';
`

/** Gives every role its password. */
export const renderPasswordSql = (
  secret: Secret,
): string => `-- Placed by Trimaran. Run on the primary where a role's password is another one.
${unseen}${roleNames.map((role) => `alter role ${role} password '${verifierOf(role, secret)}';\n`).join('')}`
