import type { Check } from './objection.ts'

const byPatroni = 'Patroni sets it, since all database servers must agree on it'
const byPlace = 'Trimaran sets it, since other components rely on it'
const byJournal = 'Trimaran sets it, so that the log of PostgreSQL goes to the journal'
const bySafety = 'Trimaran sets it, since otherwise an acknowledged write could be lost'

/**
 * Settings of PostgreSQL that are not the user's to choose, and why. Patroni's own list:
 * https://patroni.readthedocs.io/en/latest/patroni_configuration.html#postgresql-parameters-controlled-by-patroni
 */
const managedSettings: Readonly<Record<string, string>> = {
  archive_command: 'Trimaran sets it for backups',
  archive_mode: 'Trimaran sets it for backups',
  cluster_name: byPatroni,
  config_file: byPlace,
  data_directory: byPlace,
  external_pid_file: byPlace,
  fsync: bySafety,
  full_page_writes: bySafety,
  hba_file: byPlace,
  hot_standby: byPatroni,
  ident_file: byPlace,
  listen_addresses: byPlace,
  log_destination: byJournal,
  logging_collector: byJournal,
  port: byPlace,
  primary_conninfo: byPatroni,
  primary_slot_name: byPatroni,
  promote_trigger_file: byPatroni,
  recovery_target_timeline: byPatroni,
  restore_command: 'Trimaran sets it for backups',
  synchronous_commit: bySafety,
  synchronous_standby_names: bySafety,
  'trimaran.server': 'Trimaran sets it to the name of the server',
  unix_socket_directories: byPlace,
  wal_level: byPatroni,
  wal_log_hints: byPatroni,
}

/** Objects to names that are not of a setting, and to those that Trimaran manages. */
export const checkPostgresSetting: Check = (value) => {
  if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(value)) {
    const better = value
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9_.]+/g, '_')
    return {
      reason: 'the name of a setting of PostgreSQL has lower-case letters, digits and underscores',
      suggestion: `write ${better}`,
    }
  }
  const reason = Object.hasOwn(managedSettings, value) ? managedSettings[value] : undefined
  return reason === undefined ? undefined : { reason, suggestion: 'leave it out' }
}
