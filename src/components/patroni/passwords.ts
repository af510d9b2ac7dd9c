import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import type { RenderContext } from '../component.ts'

type Secret = RenderContext['secret']

/** The roles with a password, and the name of its secret. */
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
 * The SCRAM verifier of a password, so that PostgreSQL never gets the password itself: RFC 5803, and
 * https://www.postgresql.org/docs/17/catalog-pg-authid.html. Its salt also comes from the stack key: the same key gives
 * the same text, which can be compared with the current one, and lets PgBouncer log in for its own clients.
 */
export function verifierOf(role: Role, secret: Secret): string {
  const salt = createHash('sha256')
    .update(secret(`salt of ${roles[role]}`))
    .digest()
    .subarray(0, 16)
  return scramVerifier(passwordOf(role, secret), salt)
}

/** PostgreSQL's default. The passwords are random and long: more iterations would only make logins slower. */
const iterations = 4096

/** Slow to compute, and asked for again for each server. */
const knownVerifiers = new Map<string, string>()

/** For ASCII passwords, which need no SASLprep. */
export function scramVerifier(password: string, salt: Buffer): string {
  const name = `${salt.toString('base64')}:${password}`
  const verifier = knownVerifiers.get(name) ?? computeVerifier(password, salt)
  knownVerifiers.set(name, verifier)
  return verifier
}

function computeVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyFrom = (name: string): Buffer => createHmac('sha256', salted).update(name).digest()
  const storedKey = createHash('sha256').update(keyFrom('Client Key')).digest('base64')
  const serverKey = keyFrom('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

/** Keeps later statements of the same session out of the log and pg_stat_statements, even those that fail. */
export const unseen = `set log_statement = 'none';
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
set pg_stat_statements.track_utility = 'off';
`

/** Gives every role its password. */
export const renderPasswordSql = (
  secret: Secret,
): string => `-- Placed by Trimaran. Run on the primary where a role has another password.
${unseen}${roleNames.map((role) => `alter role ${role} password '${verifierOf(role, secret)}';\n`).join('')}`
