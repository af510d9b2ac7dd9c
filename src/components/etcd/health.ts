import { sh, type Shell } from '../../shell/sh.ts'
import { type Server, type Stack, etcdMembers } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import type { EtcdDetails } from './details.ts'
import { metricsPort } from './ports.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The member's own health answer, and the figures that say which member leads. */
export function askEtcd(): Shell {
  return sh`
    printf 'unit\t%s\n' "$(systemctl is-active etcd.service)"
    curl -s -m 1 ${`http://127.0.0.1:${metricsPort}/health`} | tr -d '\n'; echo
    curl -s -m 1 ${`http://127.0.0.1:${metricsPort}/metrics`} |
      grep -E '^etcd_(server_(has_leader|is_leader|is_learner|health_failures)|network_active_peers|mvcc_db_total_size_in_bytes)[ {]'
    true
  `
}

/** Well where the member has a leader; degraded where it is alive but cut off from a majority, or a neighbour is gone. */
export function readEtcd(answer: string, server: Server, stack: Pick<Stack, 'servers'>): ComponentHealth<EtcdDetails> {
  const unit = /^unit\t(\S+)/m.exec(answer)?.[1] ?? 'unknown'
  const figure = (name: string): number | undefined => {
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(answer)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  const hasLeader = figure('etcd_server_has_leader')
  if (hasLeader === undefined) return notAnswering(unit, server)
  const members = etcdMembers(stack).length
  const others = [...answer.matchAll(/^etcd_network_active_peers\{.*\} 1$/gm)].length
  const isServing = /"health":\s*"true"/.test(answer)
  const details = {
    members,
    reachableMembers: others + 1,
    hasLeader: hasLeader === 1,
    isLeader: figure('etcd_server_is_leader') === 1,
    serves: isServing,
    databaseBytes: figure('etcd_mvcc_db_total_size_in_bytes'),
  }
  if (hasLeader === 0) return { state: 'degraded', note: noMajority(members, server), details }
  if (isServing) return { state: 'well', details }
  const reason = /"reason":\s*"([^"]*)"/.exec(answer)?.[1]
  return {
    state: 'degraded',
    note: `refuses to serve${reason ? ` (${reason})` : ''} → ${trimaran(`logs ${server.name} etcd`)}`,
    details,
  }
}

function notAnswering(unit: string, { name }: Server): ComponentHealth<EtcdDetails> {
  return { state: 'down', note: `etcd.service is ${unit} and does not answer → ${trimaran(`logs ${name} etcd`)}` }
}

function noMajority(members: number, { name }: Server): string {
  const needed = Math.floor(members / 2) + 1
  if (members === 1) return `etcd is not ready yet → ${trimaran(`logs ${name} etcd`)}`
  return `waits for a majority: ${needed} of ${members} members must reach each other → bring back the other database servers`
}
