import { sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import type { PgbouncerDetails } from './details.ts'
import { paths } from './paths.ts'
import { deadManSeconds } from './programs.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The unit's state, then what PgBouncer says of itself and of its pools, as CSV. */
export function askPgbouncer(): Shell {
  return sh`
    systemctl is-active pgbouncer.service || true
    systemctl is-active trimaran-resume-queries.timer || true
    timeout 1 ${paths.console} 'SHOW STATE' -c 'SHOW POOLS' --csv -P tuples_only=off 2>/dev/null || true
  `
}

/** Queries that wait longer than this for a connection are reported. */
const longWaitSeconds = 1

/** Well while it answers and no query waits long. `details`: clients, waiting, connections, longest wait. */
export function readPgbouncer(answer: string, { name }: Server): ComponentHealth<PgbouncerDetails> {
  const [unit = 'unknown', timer = '', ...rows] = answer.split('\n')
  const state = tableFrom(rows, 'key')
  if (state.length === 0)
    return {
      state: 'down',
      note: `pgbouncer.service is ${unit} and does not answer → ${trimaran(`logs ${name} pgbouncer`)}`,
    }
  const pools = tableFrom(rows, 'database').filter(({ database }) => database !== 'pgbouncer')
  const sum = (column: string): number => pools.reduce((total, pool) => total + Number(pool[column] ?? 0), 0)
  const details = {
    clients: sum('cl_active') + sum('cl_waiting'),
    waiting: sum('cl_waiting'),
    connections: sum('sv_active') + sum('sv_idle') + sum('sv_used') + sum('sv_login'),
    longestWaitSeconds: Math.max(0, ...pools.map((pool) => Number(pool['maxwait'] ?? 0))),
  }
  const isPaused = state.some(({ key, value }) => key === 'paused' && value === 'yes')
  if (isPaused)
    return {
      state: 'degraded',
      note:
        timer === 'active'
          ? `queries wait while the primary moves; they go on by themselves after ${deadManSeconds} s at most`
          : `it was paused by hand, and queries wait → ${trimaran(`exec ${name} -- ${paths.console} RESUME`)}`,
      details,
    }
  if (details.waiting > 0 && details.longestWaitSeconds >= longWaitSeconds)
    return {
      state: 'degraded',
      note: `${details.waiting} queries wait for a connection, for ${details.longestWaitSeconds} s by now: all ${details.connections} are in use → look for long transactions: ${trimaran(`psql -- -c "select pid, now() - xact_start as open, query from pg_stat_activity where usename = 'app' order by xact_start"`)}`,
      details,
    }
  return { state: 'well', details }
}

/** The rows of the table whose first column is named so. */
function tableFrom(rows: readonly string[], first: string): readonly Readonly<Record<string, string>>[] {
  const head = rows.findIndex((row) => row.startsWith(`${first},`))
  if (head === -1) return []
  const names = rows[head]!.split(',')
  const end = rows.findIndex((row, position) => position > head && row.split(',').length !== names.length)
  return rows
    .slice(head + 1, end === -1 ? undefined : end)
    .map((row) => Object.fromEntries(row.split(',').map((value, column) => [names[column]!, value])))
}
