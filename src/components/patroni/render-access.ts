import { serversOf, type Stack } from '../../stack/stack.ts'

/** The lines of pg_hba.conf: who may log in from where. The first match wins; all others are rejected. */
export function accessLines(stack: Pick<Stack, 'servers' | 'declared'>): readonly string[] {
  const databases = serversOf(stack, 'database').map(({ address }) => `${address}/32`)
  const apps = serversOf(stack, 'app').map(({ address }) => `${address}/32`)
  return [
    // The superuser and replication need local access, or the first bootstrap and the first switchover fail.
    'local all postgres peer',
    'local replication replicator scram-sha-256',
    'host all all 127.0.0.1/32 scram-sha-256',
    'host replication replicator 127.0.0.1/32 scram-sha-256',
    ...databases.flatMap((address) => [
      `host replication replicator ${address} scram-sha-256`,
      `host postgres rewind ${address} scram-sha-256`,
    ]),
    ...apps.map(
      (address) => `host ${['app', ...stack.declared.database.databases].join(',')} app ${address} scram-sha-256`,
    ),
  ]
}
