import type { AppVariables, ServerContext } from '../component.ts'
import { postgresPort, replicasPort } from './paths.ts'

/** The app's variables for the database: through the local HAProxy, to the primary or to replicas. */
export function databaseVariables({ stack, secret }: ServerContext): AppVariables {
  const isPooled = stack.declared.database.pool !== undefined
  const primary = databaseUrl(secret, postgresPort)
  return {
    values: {
      DATABASE_URL: primary,
      ...(isPooled && { DATABASE_DIRECT_URL: primary }),
      DATABASE_REPLICA_URL: databaseUrl(secret, replicasPort),
    },
    comment: isPooled ? withPool : withoutPool,
  }
}

/** The address of the database on the app's own server. */
export const databaseUrl = (secret: ServerContext['secret'], port: number): string =>
  `postgres://app:${secret('postgres-app')}@127.0.0.1:${port}/app`

const withoutPool =
  'Both go through the local HAProxy: DATABASE_URL to the primary, DATABASE_REPLICA_URL to replicas, read-only.'
const withPool =
  'DATABASE_URL goes through the local pool, DATABASE_DIRECT_URL does not; both go through the local HAProxy to the primary. DATABASE_REPLICA_URL goes to replicas, read-only.'
