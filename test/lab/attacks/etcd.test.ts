import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTier, databasesOf, type Tier } from '../../database/support/tier.ts'
import { isWhole } from '../../database/support/run-case.ts'
import { until } from '../../database/support/writer.ts'
import { labPossible, whyLeftOut } from '../lab-possible.ts'

/** Whoever writes into etcd runs commands on every database server: nobody gets there, and what was written is undone. */
describe.skipIf(!labPossible)(`attacks on the votes and on Patroni${whyLeftOut}`, () => {
  let tier: Tier

  beforeAll(async () => {
    tier = await makeTier('tetcdattack', 3)
    await until(() => isWhole(tier), 90, 'not whole')
  })
  afterAll(async () => {
    await tier?.remove()
  })

  /** How curl fares from a server, by port: 7 is refused. */
  const knock = async (from: string, user: string, ports: readonly number[]): Promise<readonly string[]> => {
    const addresses = databasesOf(tier).map(tier.addressOf)
    const script = `
      for address in ${addresses.join(' ')}; do
        for port in ${ports.join(' ')}; do
          curl -s -m 3 -o /dev/null "http://$address:$port/"; echo "$port $?"
        done
      done`
    const { stdout } = await tier.on(from, `runuser -u ${user} -- bash <<'END'${script}\nEND`)
    return [...new Set(stdout.trim().split('\n'))].toSorted()
  }
  const plan = async (): Promise<string> => (await tier.project.trimaran('plan', '--lab')).stdout
  const sql = async (server: string, question: string): Promise<string> =>
    (await tier.on(server, `runuser -u postgres -- psql -AtqX -c "${question}"`)).stdout.trim()

  it('the app reaches no vote, and of Patroni what only reads', async () => {
    expect(await knock('app-1', 'app', [2379, 2380])).toEqual(['2379 7', '2380 7'])
    expect(await knock('app-1', 'root', [2379, 2380])).toEqual(['2379 7', '2380 7'])
    const changed = await tier.on(
      'app-1',
      `curl -s -m 3 -o /dev/null -w '%{http_code}' -X PATCH -d '{"ttl":30}' http://${tier.addressOf('db-1')}:8008/config`,
    )
    expect(['401', '403']).toContain(changed.stdout)
  })

  it('the other tiers reach nothing', async () => {
    const closed = ['2379 7', '2380 7', '5432 7', '8008 7']
    expect(await knock('web-1', 'root', [2379, 2380, 5432, 8008])).toEqual(closed)
    expect(await knock('lb-1', 'root', [2379, 2380, 5432, 8008])).toEqual(closed)
  })

  it('rules that somebody takes away are back at once', async () => {
    await tier.on('db-1', 'nft flush ruleset; nft delete table inet trimaran 2>/dev/null; sleep 1')
    expect(await knock('app-1', 'app', [2379])).toEqual(['2379 7'])
    expect(await plan()).toContain('nothing to do')
  })

  it('what was written into the shared settings runs nothing, shows in the plan, and goes', async () => {
    const forge = `
import json, subprocess, sys
key = '/service/${tier.project.name}/config'
config = json.loads(subprocess.run(['etcdctl', 'get', key, '--print-value-only'], capture_output=True, check=True).stdout)
config['postgresql']['recovery_conf'] = {'restore_command': 'touch /tmp/owned'}
config['postgresql']['parameters']['archive_command'] = 'touch /tmp/owned'
config['slots'] = {'kept': {'type': 'physical'}}
subprocess.run(['etcdctl', 'put', key, json.dumps(config)], check=True)`
    const { code, stderr } = await tier.on('db-2', `python3 - <<'END'${forge}\nEND`)
    expect(code, stderr).toBe(0)
    const told = await plan()
    expect(told).toContain('postgresql.parameters.archive_command, postgresql.recovery_conf, slots')
    for (const server of databasesOf(tier)) {
      expect(await sql(server, 'show restore_command')).toBe('')
      expect((await tier.on(server, 'test ! -e /tmp/owned')).code).toBe(0)
    }
    expect((await tier.project.trimaran('up', '--lab', '--yes')).code).toBe(0)
    expect(await plan()).toContain('nothing to do')
  })

  it('a role has no password in clear, nor another one for long', async () => {
    const leader = await tier.leader()
    const all = String.raw`select bool_and(rolpassword like 'SCRAM-SHA-256\$4096:%') from pg_authid where rolpassword is not null`
    expect(await sql(leader, all)).toBe('t')
    const found = await tier.on(
      leader,
      `for word in $(grep -oE 'password: "[^"]+' /etc/patroni/config.yml | cut -d'"' -f2); do
        { journalctl --no-pager -o cat; runuser -u postgres -- psql -AtqX -c 'select query from pg_stat_statements'; } | grep -c -- "$word"
      done`,
    )
    expect(found.stdout.trim().split('\n')).toEqual(['0', '0', '0', '0'])
    await sql(leader, "alter role app password 'stolen'")
    expect(await plan()).toContain('passwords of the database roles')
    expect((await tier.project.trimaran('up', '--lab', '--yes')).code).toBe(0)
    expect(await plan()).toContain('nothing to do')
  })
})
