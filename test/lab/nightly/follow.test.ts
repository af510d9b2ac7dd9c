import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { FollowingShown } from '../../../src/ui/show-following.ts'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { useLabStack } from '../support/lab-stack.ts'

const port = 6543
const bin = '/usr/lib/postgresql/17/bin'
const folder = '/var/tmp/old'

const shop = `
create role ana login replication password 'password of ana'; create database shop owner ana;
\\connect shop
set role ana;
create table entries (id bigserial primary key, text text); create table "Odd Name" (id int generated always as identity primary key, note text);
create table logs (line text); create materialized view counts as select count(*) from entries;
insert into entries (text) select 'entry ' || i || repeat(md5(i::text), 10) from generate_series(1, 200000) i;
insert into "Odd Name" (note) select 'n' from generate_series(1, 100); insert into logs values ('a');
`

/** The app of the old server: writes all the time, and is logged in for as long as it runs. */
const oldApp = `while :; do cat <<'END'
begin; insert into entries (text) values ('new'); update entries set text = 'changed' where id in (select (random() * 200000)::int from generate_series(1, 3));
delete from entries where id = (select min(id) from entries); insert into "Odd Name" (note) values ('m'); update logs set line = 'b' || now(); commit;
END
sleep 0.05; done | psql -Xq -v ON_ERROR_STOP=1 -h ${folder} -p ${port} -U postgres 'dbname=shop application_name=old-app'`

describe.skipIf(!labPossible)(`a database that follows a server elsewhere${whySkipped}`, () => {
  const stack = useLabStack('tfollow', async ({ edit }) => {
    await edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
    // The old server is a PostgreSQL on app-1; as one that is no server of the stack would, it needs links.
    const links = ['database', 'app'].map(
      (on, end) =>
        `{ on: '${on}', ${end === 0 ? 'to' : 'from'}: ['198.18.0.0/15'], ports: [${port}], why: 'moving in' }`,
    )
    await edit(
      'database: { servers: 1 }',
      `database: { servers: 3, databases: ['shop2'] }, links: [${links.join(', ')}]`,
    )
  })
  const old = (query: string, database = 'shop'): Promise<string> => {
    const text = Buffer.from(query).toString('base64')
    return stack.on(
      'app-1',
      `cd /; base64 -d <<<${text} | psql -XAtq -h ${folder} -p ${port} -U postgres -d ${database}`,
    )
  }
  const leader = async (): Promise<string> => (await stack.status()).database.leader ?? ''
  const here = async (query: string): Promise<string> => {
    const text = Buffer.from(query).toString('base64')
    return await stack.on(await leader(), `cd /; base64 -d <<<${text} | runuser -u postgres -- psql -XAtq -d shop2`)
  }
  const follow = (...words: readonly string[]) => stack.attempt('db', 'follow', ...words, '--database', 'shop2')
  const start = (...words: readonly string[]) =>
    stack.status().then(({ servers }) => {
      const { address } = servers.find(({ name }) => name === 'app-1')!
      return follow('start', `postgresql://ana:password%20of%20ana@${address}:${port}/shop`, ...words)
    })
  const status = async (): Promise<FollowingShown> => {
    const { code, stdout, stderr } = await stack.project.trimaran(
      'db',
      'follow',
      'status',
      '--database',
      'shop2',
      '--lab',
      '--json',
    )
    expect(code, stderr).toBe(0)
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as FollowingShown
  }
  const until = async (holds: (now: FollowingShown) => boolean): Promise<FollowingShown> => {
    let now: FollowingShown | undefined
    for (let tries = 0; tries < 60; tries += 1) {
      now = await status()
      if (holds(now)) return now
      await sleep(2000)
    }
    throw new Error(`not within two minutes: ${JSON.stringify(now)}`)
  }
  const lagOf = ({ there }: FollowingShown): number => ('slot' in there ? (there.slot?.lagBytes ?? Infinity) : Infinity)
  const content = (ask: (query: string) => Promise<string>): Promise<string> =>
    ask(
      ['entries', '"Odd Name"', 'logs']
        .map((table) => `select count(*), md5(string_agg(md5(t::text), '' order by t::text)) from ${table} t;`)
        .join('\n'),
    )
  /** A service of its own: what is started from a session over SSH counts as part of it. */
  const launch = (level: string): Promise<string> =>
    stack.on(
      'app-1',
      `systemctl stop old-db 2>/dev/null; systemd-run --quiet --collect --unit=old-db -p User=postgres -p Type=notify ${bin}/postgres -D ${folder} -p ${port} -c listen_addresses='*' -c unix_socket_directories=${folder} -c fsync=off -c wal_level=${level}`,
    )

  it('is refused for all that stands against it, before anything is changed', async () => {
    await stack.on(
      'app-1',
      `install -d -o postgres ${folder}; cd /; runuser -u postgres -- ${bin}/initdb --no-sync --auth-local=trust --auth-host=scram-sha-256 -D ${folder} >/dev/null; echo 'host all all 0.0.0.0/0 scram-sha-256' >>${folder}/pg_hba.conf`,
    )
    await launch('replica')
    await old(shop, 'postgres')
    const { code, stderr } = await start()
    expect([code, stderr]).toEqual([1, expect.stringContaining('TRI-FOLLOW-001')])
    expect(stderr).toContain('its wal_level is replica')
    expect(stderr).toContain('public.logs')
    expect(await here("select count(*) from pg_class where relname = 'entries'")).toBe('0')
    await launch('logical')
    await old('alter table logs replica identity full')
  }, 120_000)

  it('gets all rows and all changes, and goes on after a failover', async () => {
    const text = Buffer.from(oldApp).toString('base64')
    await stack.on('app-1', `systemd-run --quiet --unit=old-app bash -c "$(base64 -d <<<${text})"`)
    const { code, stdout, stderr } = await start()
    expect(code, stderr + stdout).toBe(0)
    expect(stdout).toContain('fills that disk')
    expect((await start()).stderr).toContain('shop2 follows a server elsewhere')
    const copied = await until((now) => now.copied === 3 && lagOf(now) < 1_000_000)
    expect(copied).toMatchObject({ tables: 3, isWorking: true, failures: 0, name: expect.stringContaining('shop2') })
    const first = await leader()
    await stack.power('off', first)
    // The old server still waits for the one that is gone, until its wal_sender_timeout.
    const again = await until((now) => now.server !== first && now.isWorking && lagOf(now) < 100_000)
    expect(again).toMatchObject({ copied: 3, tables: 3 })
    await stack.power('on', first)
  }, 400_000)

  it('does not end while somebody may write there, and then whole', async () => {
    const early = await follow('finish')
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('TRI-FOLLOW-005')])
    expect(early.stderr).toContain('old-app (1)')
    await stack.on('app-1', 'systemctl stop old-app')
    const { code, stdout, stderr } = await follow('finish')
    expect(code, stderr + stdout).toBe(0)
    expect(stdout).toContain('counted on both sides')
    expect(await content(here)).toBe(await content(old))
    expect(await here('select count from counts')).toBe(await here('select count(*) from entries'))
    expect(await here("select nextval('entries_id_seq')")).toBe(await old("select nextval('entries_id_seq')"))
    expect(await old('select count(*) from pg_replication_slots')).toBe('0')
    expect(await old('select count(*) from pg_publication')).toBe('0')
    expect((await follow('finish')).stderr).toContain('TRI-FOLLOW-003')
    const { stdout: history } = await stack.project.trimaran('history', '--lab')
    const journals = await Promise.all(
      ['db-1', 'db-2', 'db-3'].map((name) =>
        stack.on(name, 'journalctl --no-pager -o cat -m; journalctl --namespace=traffic --no-pager -o cat'),
      ),
    )
    for (const said of [stdout, stderr, history, ...journals])
      expect(/password.{1,3}of.{1,3}ana/.test(said)).toBe(false)
    expect(history).toContain('db follow finish')
  }, 200_000)

  it('leaves nothing where it is given up', async () => {
    expect((await start()).stderr).toContain('add `--replace`')
    const { code, stderr } = await start('--replace')
    expect(code, stderr).toBe(0)
    const gone = await follow('abandon')
    expect(gone.code, gone.stderr).toBe(0)
    expect(await here("select count(*) from pg_class where relowner = 'app'::regrole and relkind = 'r'")).toBe('0')
    expect(await here('select count(*) from pg_subscription')).toBe('0')
    expect(await old('select count(*) from pg_replication_slots')).toBe('0')
    await stack.expectNothingToDo()
  }, 200_000)
})
