import { beforeAll, describe, expect, it } from 'vitest'
import { isWhole } from '../../database/support/run-case.ts'
import { databasesOf, type Tier } from '../../database/support/tier.ts'
import { until } from '../../database/support/writer.ts'

/**
 * Whoever writes into etcd runs commands on every database server: nobody gets there, and what was written is reversed.
 * `find` finds a tier of three.
 */
export function describeEtcdAttacks(find: () => Promise<Tier>): void {
  describe('attacks on etcd and on Patroni', () => {
    let tier: Tier
    beforeAll(async () => {
      tier = await find()
      await until(() => isWhole(tier), 90, 'not whole')
    })

    /** Whoever is root on a server does away with its own firewall first. */
    const asIntruder = (script: string): string =>
      `systemctl stop trimaran-firewall; trap 'systemctl start trimaran-firewall' EXIT\n${script}`
    /** How curl fares from a server, by port: 7 is refused. */
    const knock = async (from: string, user: string, ports: readonly number[]): Promise<readonly string[]> => {
      const addresses = databasesOf(tier).map(tier.addressOf)
      const script = `
      for address in ${addresses.join(' ')}; do
        for port in ${ports.join(' ')}; do
          curl -s -m 3 -o /dev/null "http://$address:$port/"; echo "$port $?"
        done
      done`
      const knocks = `runuser -u ${user} -- bash <<'END'${script}\nEND`
      const { stdout } = await tier.on(from, user === 'root' ? asIntruder(knocks) : knocks)
      return [...new Set(stdout.trim().split('\n'))].toSorted()
    }
    const plan = async (): Promise<string> => (await tier.project.trimaran('plan', '--lab')).stdout
    const sql = async (server: string, question: string): Promise<string> =>
      (await tier.on(server, `runuser -u postgres -- psql -AtqX -c "${question}"`)).stdout.trim()

    it('the app reaches no etcd member, and of Patroni what only reads', async () => {
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
      const { code, stderr } = await tier.on('db-2', `. /etc/trimaran/etcd/etcdctl.sh; python3 - <<'END'${forge}\nEND`)
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

    /** How every way to read or write fares, for a user of a server: `000` where the etcd member said nothing at all. */
    const tryEtcd = async (from: string, user: string, addresses: readonly string[]): Promise<readonly string[]> => {
      const body = `'{"key":"Zm9v","value":"YmFy","range_end":"AA=="}'`
      const paths = ['v3/kv/put', 'v3/kv/range', 'v3/cluster/member/list', 'v2/keys/foo', 'debug/vars', 'health']
      const urls = addresses.flatMap((address) =>
        ['http', 'https'].flatMap((scheme) => [
          ...paths.map((path) => `${scheme}://${address}:2379/${path}`),
          `${scheme}://${address}:2380/members`,
        ]),
      )
      const script = `for url in ${urls.join(' ')}; do curl -sk -m 3 -o /dev/null -w '%{http_code}\n' -d ${body} $url; done`
      const { stdout } = await tier.on(
        from,
        `runuser -u ${user} -- bash <<'END'
${script}
END`,
      )
      return [...new Set(stdout.trim().split('\n'))]
    }

    it('a user of a server with an etcd member reads and writes nothing, over loopback neither', async () => {
      // Spoken to in clear, a port of TLS says that it is none: that is 400.
      const own = ['127.0.0.1', tier.addressOf('db-2')]
      for (const user of ['nobody', 'postgres']) {
        for (const said of await tryEtcd('db-2', user, own)) expect(['000', '400']).toContain(said)
      }
      const keys = '/etc/trimaran/etcd/*.key /etc/trimaran/observer/*.key /etc/patroni/*.key'
      const read = await tier.on('db-2', `runuser -u nobody -- sh -c 'cat ${keys}' 2>/dev/null`)
      expect(read.stdout).toBe('')
      const figures = `for path in v3/kv/put v3/kv/range v2/keys/foo debug/pprof/ debug/vars members; do
      curl -s -m 3 -o /dev/null -w '%{http_code}\n' -d '{"key":"Zm9v","value":"YmFy"}' http://127.0.0.1:2381/$path; done`
      expect([...new Set((await tier.on('db-2', figures)).stdout.trim().split('\n'))]).toEqual(['404'])
      const kept = await tier.on('db-2', '. /etc/trimaran/etcd/etcdctl.sh; etcdctl get --from-key foo --keys-only')
      expect(kept.code).toBe(0)
      expect(kept.stdout).not.toMatch(/^foo$/m)
    })

    it('who may ask etcd is no member', async () => {
      const asked = await tier.on(
        'db-2',
        `curl -s -m 3 -o /dev/null -w '%{http_code}' --http1.1 --cacert /etc/trimaran/etcd/peers-ca.crt \
        --cert /etc/patroni/etcd.crt --key /etc/patroni/etcd.key https://${tier.addressOf('db-2')}:2380/members`,
      )
      expect(asked.stdout).toBe('000')
    })

    it('who takes over the address of a database server is let through by address, and by no etcd member', async () => {
      const leader = await tier.leader()
      const [gone, ...others] = databasesOf(tier).toSorted((a, b) => Number(a === leader) - Number(b === leader))
      await tier.project.trimaran('lab', 'power-off', gone!)
      const address = tier.addressOf(gone!)
      const took = await tier.on(
        'app-1',
        asIntruder(`device=$(ip -o route get ${tier.addressOf(leader)} | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p')
      # Asked anew, the others learn from the question itself where that address is now.
      ip address add ${address}/32 dev "$device"; ip neigh flush dev "$device"
      for other in ${others.map(tier.addressOf).join(' ')}; do
        curl -s -m 3 -o /dev/null --interface ${address} http://$other:2379/ ; echo "reached $?"
        curl -sk -m 3 -o /dev/null --interface ${address} -w 'said %{http_code}\n' -d '{"key":"Zm9v"}' https://$other:2379/v3/kv/range
        curl -sk -m 3 -o /dev/null --interface ${address} -w 'said %{http_code}\n' --http1.1 https://$other:2380/members
      done
      ip address del ${address}/32 dev "$device"`),
      )
      await tier.project.trimaran('lab', 'power-on', gone!)
      const lines = took.stdout.trim().split('\n')
      // 7 would be refused: it is let through to the port, and turned away there.
      expect(
        lines.filter((line) => line === 'reached 7'),
        took.stdout,
      ).toEqual([])
      expect([...new Set(lines.filter((line) => line.startsWith('said')))], took.stdout).toEqual(['said 000'])
      await until(() => isWhole(tier), 120, 'not whole again')
    })
  })
}
