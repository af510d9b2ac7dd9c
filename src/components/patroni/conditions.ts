import type { Condition } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import type { Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { lacksWal, streams } from './follows.ts'
import { limitsOfReplicas } from './limits.ts'
import { roleNames } from './passwords.ts'
import { paths, restPort } from './paths.ts'
import type { Entry } from './yaml.ts'
import { localSettings, restartSettings } from './tuning.ts'

/** PostgreSQL uses its settings that need a restart; a primary hands over before it restarts. */
export function settingsInUse(context: RenderContext): Condition {
  const { server, stack } = context
  const rest = `http://${server.address}:${restPort}`
  return {
    kind: 'condition',
    name: 'PostgreSQL',
    action: 'restart',
    wanted: restartSettings(context)
      .map(({ name, value }) => `${name}=${value}`)
      .toSorted()
      .join('\n'),
    lowerOnLeaderFirst: limitsOfReplicas,
    reason: 'it has settings that need a restart',
    disturbs: 'restart',
    holds: sh`
      [ -e ${paths.checkPendingRestart} ] || exit 0
      curl -s -m 1 ${`${rest}/patroni`} | ${paths.checkPendingRestart}
    `,
    make: sh`
      answers() { curl -fs -m 2 -o /dev/null ${rest}"$1"; }
      # A replica learns the limits of its primary from the WAL, and does not start with lower ones.
      serves() { answers /health && { answers /primary || ${streams(server)}; }; }
      await() { for ((i = 0; i < 300; i++)); do serves && return; sleep 0.2; done; echo 'PostgreSQL does not serve'; exit 1; }
      await
      waits() { curl -s -m 2 ${`${rest}/patroni`} | grep -q '"pending_restart": *true'; }
      # The hand-over may have restarted it since the file was written.
      began=$(stat -c %Y "/proc/$(pgrep -o -x postgres)")
      if waits || { [ "$first" = no ] && [ "$began" -le "$(stat -c %Y ${paths.config})" ]; }; then
        said=$(patronictl -c ${paths.config} restart --force ${stack.name} ${server.name} 2>&1) || true
        echo "$said"
        grep -q '^Success' <<<"$said" || exit 1
        await
      fi
    `,
  }
}

/**
 * The settings that the file states are in force. Patroni writes them, but another file may override its own, it writes only when it is
 * told to, and it never checks whether a value was accepted.
 */
export function settingsHold(context: RenderContext): Condition {
  return {
    kind: 'condition',
    name: 'settings of PostgreSQL',
    action: 'change',
    // Each a line, whatever stands in it.
    wanted: localSettings(context)
      .map(({ name, value }) => `${name}=${asPlainText(value)}`)
      .toSorted()
      .join('\n'),
    reason: 'others are in force than the file states',
    disturbs: 'nothing',
    holds: sh`
      [ -e ${paths.compareSettings} ] || exit 0
      ${paths.compareSettings}
    `,
    make: sh`
      if ! ${paths.compareSettings} >/dev/null; then
        # A removed setting stays in force until PostgreSQL reads its files again: on a reload Patroni writes them and has it do so.
        ${paths.compareSettings} --reset
        systemctl reload patroni.service
        for ((i = 0; i < 20; i++)); do
          found=$(${paths.compareSettings}) && break
          sleep 0.5
        done
        [ -z "$found" ] || { echo "$found"; exit 1; }
      fi
    `,
  }
}

const asPlainText = (value: Entry['value']): string =>
  JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A replica that was off for too long copies the database again: it could never catch up. */
export function followsPrimary({ server, stack }: RenderContext): Condition {
  return {
    kind: 'condition',
    name: 'the copy of the database',
    action: 'create',
    reason: 'it lacks WAL that the primary no longer has, so it is copied again',
    disturbs: 'nothing',
    holds: sh`! { ${lacksWal(server)}; }`,
    make: sh`
      patronictl -c ${paths.config} reinit --force ${stack.name} ${server.name}
      # A copy that takes longer than a minute goes on in the background.
      for ((i = 0; i < 300; i++)); do
        sleep 0.5
        ${streams(server)} && exit 0
        [ $i -lt 120 ] || ! ps -C pg_basebackup >/dev/null || exit 0
      done
      echo 'it does not follow the primary'
      exit 1
    `,
  }
}

/**
 * Patroni's settings in etcd are exactly those of the file: a user who can change them can run commands on every database
 * server.
 */
export const sharedSettingsHold: Condition = {
  kind: 'condition',
  name: 'settings that all database servers share',
  action: 'change',
  reason: 'they were changed in etcd by hand',
  disturbs: 'nothing',
  // No answer in time does not count as a difference.
  holds: sh`
    [ -e ${paths.applySettings} ] || exit 0
    found=$(timeout 2 ${paths.applySettings} --check)
    echo "$found"
    [ -z "$found" ]
  `,
  make: sh`${paths.applySettings}`,
}

/** Every role has its password from the stack key. Changed on the primary; replicas follow by replication. */
export function passwordsHold(): Condition {
  const common = sh`
    ask() { timeout 1 runuser -u postgres -- ${`${paths.programs}/psql`} --no-psqlrc -AtqX -d postgres -c "$1"; }
    leads() { [ "$(ask 'select pg_is_in_recovery()')" = f ]; }
  `
  const present = `select format('alter role %I password %L;', rolname, rolpassword) from pg_authid where rolname in (${roleNames
    .map((name) => `'${name}'`)
    .join(', ')}) order by rolname`
  return {
    kind: 'condition',
    name: 'passwords of the database roles',
    action: 'change',
    wanted: roleNames.map((name) => `${name}=scram-sha-256`).join('\n'),
    reason: 'a role has another password than its clients use',
    disturbs: 'nothing',
    holds: sh`
      ${common}
      leads || exit 0
      found=$(ask ${present}) && [ -n "$found" ] || exit 0
      [ "$found" = "$(grep '^alter role' ${paths.passwordSql})" ]
    `,
    make: sh`
      ${common}
      if leads; then
        runuser -u postgres -- ${`${paths.programs}/psql`} --no-psqlrc -qX -v ON_ERROR_STOP=1 -d postgres -f ${paths.passwordSql}
      fi
    `,
  }
}

/** The databases and extensions of the file exist. Created on the primary; replicas follow by replication. */
export function declaredDatabases({ declared }: Pick<Stack, 'declared'>): readonly Condition[] {
  const { databases, extensions } = declared.database
  if (databases.length + extensions.length === 0) return []
  const all = ['app', ...databases]
  const common = sh`
    ask() { runuser -u postgres -- ${`${paths.programs}/psql`} --no-psqlrc -v ON_ERROR_STOP=1 -AtqX -d "$1" -c "$2"; }
    leads() { [ "$(ask postgres 'select pg_is_in_recovery()')" = f ]; }
    has_database() { [ "$(ask postgres "select count(*) from pg_database where datname = '$1'")" = 1 ]; }
    has_extension() { [ "$(ask "$1" "select count(*) from pg_extension where extname = '$2'")" = 1 ]; }
  `
  return [
    {
      kind: 'condition',
      name: 'databases and extensions',
      action: 'create',
      wanted: [...databases.map((name) => `${name}=database`), ...extensions.map((name) => `${name}=extension`)].join(
        '\n',
      ),
      reason: 'the file lists some that do not exist',
      disturbs: 'nothing',
      holds: sh`
        ${common}
        leads || exit 0
        for database in ${all}; do
          has_database "$database" || exit 1
          for extension in ${extensions}; do has_extension "$database" "$extension" || exit 1; done
        done
      `,
      make: sh`
        ${common}
        if leads; then
          for database in ${all}; do
            has_database "$database" || ask postgres "create database \"$database\" owner app"
            for extension in ${extensions}; do
              has_extension "$database" "$extension" || ask "$database" "create extension \"$extension\""
            done
          done
        fi
      `,
    },
  ]
}
