import { describe, expect, it } from 'vitest'
import { etcd } from '../etcd/index.ts'
import { fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { readPatroni } from './health.ts'
import { patroni } from './index.ts'

const five = fiveServers([etcd, patroni])
const nine = nineServers([etcd, patroni])

// As three real servers answered.
const primary =
  '{"state": "running", "postmaster_start_time": "2026-11-22 22:18:24.696648+00:00", "role": "primary", "server_version": 170011, "xlog": {"location": 83891328}, "timeline": 1, "replication": [{"usename": "replicator", "application_name": "db-2", "client_addr": "198.18.0.192", "state": "streaming", "sync_state": "quorum", "sync_priority": 1}, {"usename": "replicator", "application_name": "db-1", "client_addr": "198.18.0.191", "state": "streaming", "sync_state": "quorum", "sync_priority": 1}], "dcs_last_seen": 1795385955, "database_system_identifier": "7711123734072484578", "patroni": {"version": "4.0.7", "scope": "guestbook", "name": "db-3"}}'
const replica =
  '{"state": "running", "postmaster_start_time": "2026-11-22 22:18:27.353689+00:00", "role": "replica", "server_version": 170011, "xlog": {"received_location": 83891328, "replayed_location": 83891328, "replayed_timestamp": "2026-11-22 22:18:29.535148+00:00", "paused": false}, "quorum_standby": true, "timeline": 1, "replication_state": "streaming", "dcs_last_seen": 1795385955, "database_system_identifier": "7711123734072484578", "patroni": {"version": "4.0.7", "scope": "guestbook", "name": "db-1"}}'
const cluster =
  '{"members": [{"name": "db-1", "role": "quorum_standby", "state": "streaming", "api_url": "http://198.18.0.191:8008/patroni", "host": "198.18.0.191", "port": 5432, "timeline": 1, "lag": 0}, {"name": "db-2", "role": "quorum_standby", "state": "streaming", "api_url": "http://198.18.0.192:8008/patroni", "host": "198.18.0.192", "port": 5432, "timeline": 1, "lag": 0}, {"name": "db-3", "role": "leader", "state": "running", "api_url": "http://198.18.0.193:8008/patroni", "host": "198.18.0.193", "port": 5432, "timeline": 1}], "scope": "guestbook"}'

const answer = (self: string, members = cluster): string => `active\nself ${self}\ncluster ${members}\nfigures \n795\n`
const changed = (self: string, fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...JSON.parse(self), ...fields })
const read = (name: string, text: string, drained: readonly string[] = []) =>
  readPatroni(text, serverNamed(nine, name), nine, { drained })

describe('the health of patroni', () => {
  it('is well on a primary with its replicas, which leads', () => {
    const health = read('db-3', answer(primary))
    expect(health).toMatchObject({
      state: 'well',
      isLeader: true,
      details: { role: 'primary', timeline: 1, lagBytes: 0 },
    })
    expect(health.note).toBeUndefined()
  })

  it('is well on a replica that streams and confirms writes', () => {
    const health = read('db-1', answer(replica))
    expect(health).toMatchObject({ state: 'well', isLeader: false, details: { lagBytes: 0, isSynchronous: true } })
  })

  it('is drained on a replica that nobody depends on, which does not worry the primary', () => {
    expect(read('db-1', answer(replica), ['db-1']).state).toBe('drained')
    const lonely = answer(changed(primary, { replication: [{ sync_state: 'async' }] }))
    expect(read('db-3', lonely).state).toBe('degraded')
    expect(read('db-3', lonely, ['db-1', 'db-2']).state).toBe('well')
  })

  it('is well on the only database server', () => {
    const only =
      '{"members": [{"name": "db-1", "role": "leader", "state": "running", "timeline": 1}], "scope": "guestbook"}'
    const text = answer(changed(primary, { replication: undefined }), only)
    expect(readPatroni(text, serverNamed(five, 'db-1'), five, { drained: [] })).toMatchObject({
      state: 'well',
      isLeader: true,
    })
  })

  it.each([
    [
      'a replica that does not follow',
      'db-1',
      changed(replica, { replication_state: undefined }),
      'does not follow the primary',
    ],
    ['a replica that is being made', 'db-1', '{"state": "creating replica", "role": "replica"}', 'copies the database'],
    ['a replica that starts', 'db-1', '{"state": "starting", "role": "replica"}', 'replays the WAL that it missed'],
    ['a primary without replicas', 'db-3', changed(primary, { replication: [] }), 'no replica confirms writes'],
    ['nobody leading', 'db-1', changed(replica, { cluster_unlocked: true }), 'no database server leads now'],
    ['serving without etcd', 'db-3', changed(primary, { failsafe_mode_is_active: true }), 'failsafe mode'],
    ['a paused Patroni', 'db-3', changed(primary, { pause: true }), 'Patroni is paused'],
  ])('is degraded with %s', (_situation, name, self, note) => {
    const health = read(name, answer(self))
    expect(health.state).toBe('degraded')
    expect(health.note).toContain(note)
  })

  it('is degraded on a primary that others have not joined', () => {
    const alone = '{"members": [{"name": "db-3", "role": "leader", "state": "running", "timeline": 1}]}'
    expect(read('db-3', answer(primary, alone)).note).toContain('2 of 3 database servers have not joined')
  })

  it('names what waits for a restart, and how to do it', () => {
    const waiting = changed(primary, {
      pending_restart: true,
      pending_restart_reason: { shared_buffers: { old_value: '256MB', new_value: '1GB' } },
    })
    const health = read('db-3', answer(waiting))
    expect(health.state).toBe('well')
    expect(health.note).toContain('to use shared_buffers')
    expect(health.note).toContain('`trimaran up`')
  })

  it('is down with a PostgreSQL that does not run', () => {
    const health = read('db-1', answer('{"state": "crashed", "role": "replica"}'))
    expect(health).toMatchObject({ state: 'down' })
    expect(health.note).toContain('PostgreSQL is crashed')
  })

  it('is down without Patroni, and says whether PostgreSQL runs on', () => {
    expect(read('db-1', 'activating\n795\n').note).toContain('PostgreSQL runs without it')
    expect(read('db-1', 'failed\n').note).toContain('PostgreSQL does not run')
    expect(read('db-1', '')).toMatchObject({ state: 'down' })
  })
})
