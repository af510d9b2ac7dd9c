import type { RenderContext } from '../component.ts'
import { postgresPort, replicasPort } from '../patroni/index.ts'
import { poolPort } from '../pgbouncer/index.ts'
import { placedByTrimaran } from '../placed.ts'

/** What the app finds in its environment, for `/etc/trimaran/app.env`. What the config's `env` says wins. */
export function renderEnvironment({ stack, server, secret, appSecrets }: RenderContext): string {
  const urlAt = (port: number): string => `postgres://app:${secret('postgres-app')}@127.0.0.1:${port}/app`
  const isPooled = stack.declared.database.pool !== undefined
  const urls = {
    DATABASE_URL: urlAt(isPooled ? poolPort : postgresPort),
    ...(isPooled && { DATABASE_DIRECT_URL: urlAt(postgresPort) }),
    DATABASE_REPLICA_URL: urlAt(replicasPort),
  }
  const own = { NODE_ENV: 'production', HOST: '0.0.0.0', TRIMARAN_SERVER: server.name }
  const variables = { ...own, ...stack.declared.app.env, ...appSecrets, ...urls }
  return writeEnvironment(isPooled ? withPool : withoutPool, variables)
}

const withoutPool =
  'Both lead to the local HAProxy: DATABASE_URL from there to the primary, DATABASE_REPLICA_URL to replicas, read-only.'
const withPool =
  'DATABASE_URL leads to the local pool, and from there, as DATABASE_DIRECT_URL does, through the local HAProxy to the primary; DATABASE_REPLICA_URL to replicas, read-only.'

/**
 * Writes an environment file such that systemd reads exactly these values: within double quotes it unescapes `"`, `\\`,
 * `` ` `` and `$`, and nothing else; line breaks stay (systemd.exec(5), EnvironmentFile=).
 */
export function writeEnvironment(comment: string, variables: Readonly<Record<string, string>>): string {
  const rows = Object.entries(variables).map(
    ([name, value]) => `${name}="${value.replaceAll(/["\\`$]/g, String.raw`\$&`)}"`,
  )
  return `${[placedByTrimaran, `# ${comment}`, ...rows].join('\n')}\n`
}
