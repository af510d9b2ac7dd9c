import type { AppVariables, ServerContext } from '../component.ts'
import { postgresPort, replicasPort } from './paths.ts'

/** The app's way to the database: the local HAProxy leads on, to the primary or to replicas. */
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

/** Where the app finds its database on its own server. */
export const databaseUrl = (secret: ServerContext['secret'], port: number): string =>
  `postgres://app:${secret('postgres-app')}@127.0.0.1:${port}/app`

const withoutPool =
  'Both lead to the local HAProxy: DATABASE_URL from there to the primary, DATABASE_REPLICA_URL to replicas, read-only.'
const withPool =
  'DATABASE_URL leads to the local pool, and from there, as DATABASE_DIRECT_URL does, through the local HAProxy to the primary; DATABASE_REPLICA_URL to replicas, read-only.'
