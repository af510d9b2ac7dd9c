import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { useLabStack } from '../support/lab-stack.ts'

/** A shop of somebody else: owners that the stack does not know, extensions, a large object, sequences, odd names, 100 MB of rows. */
const shop = `
create role shop_owner; create role reporting; create role ana login superuser password 'password of ana';
create database shop;
\\connect shop
create extension pg_trgm; create extension hstore; create schema sales authorization shop_owner;
create table entries (id bigserial primary key, text text, attrs hstore default 'a=>1');
create table sales."Odd Name" (id int generated always as identity primary key, entry bigint references entries, note text);
create function add_one(i int) returns int begin atomic select case when i > 0 then i + 1 else i end; end;
create view v as select id, text from entries where text <> ';';
insert into entries (text) select 'entry ' || i || E'\\t\\\\ ; $$' || repeat(md5(i::text), 2) from generate_series(1, 900000) i;
insert into entries (text) values (E'\\\\.'), (E'\\restrict x'), ('end');
insert into sales."Odd Name" (entry, note) select id, 'n' || id from entries limit 2000;
create index on entries using gin (text gin_trgm_ops) where id < 2000;
select lo_from_bytea(4711, decode(repeat('ab', 50000), 'hex'));
alter large object 4711 owner to shop_owner; alter table entries owner to shop_owner; alter table sales."Odd Name" owner to reporting;
grant select on entries to reporting; create publication p for all tables;
`

describe.skipIf(!labPossible)(`a database that moves in${whySkipped}`, () => {
  const stack = useLabStack('timport', async ({ edit }) => {
    await edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
    await edit('database: { servers: 1 }', "database: { servers: 1, databases: ['shop2'] }")
  })
  const file = (name: string): string => join(stack.project.folder, name)
  const inShop2 = async (query: string): Promise<string> =>
    (await stack.on('db-1', `cd /; runuser -u postgres -- psql -XAtq -d shop2 -c "${query}"`)).trim()
  const tables =
    "select count(*) from pg_class where relkind = 'r' and relnamespace in (select oid from pg_namespace where nspname in ('public', 'sales'))"
  const imported = { tables: 2, rows: 902_003 }
  const importInto2 = (...words: readonly string[]) => stack.attempt('db', 'import', ...words, '--database', 'shop2')
  const dump = async (name: string, words: string): Promise<void> => {
    await stack.on('db-1', `cd /; runuser -u postgres -- pg_dump ${words} shop >/tmp/${name}`)
    const { code } = await stack.project
      .trimaran('exec', 'db-1', '--lab', '--raw', '--', `base64 -w0 </tmp/${name}`)
      .then(async ({ code, stdout }) => {
        await writeFile(file(name), Buffer.from(stdout, 'base64'))
        return { code }
      })
    expect(code).toBe(0)
  }

  it('has a source to move from', async () => {
    await writeFile(file('source.sql'), shop)
    const text = Buffer.from(shop).toString('base64')
    await stack.on(
      'db-1',
      `cd /; base64 -d <<<${text} >/tmp/source.sql; runuser -u postgres -- psql -Xq -v ON_ERROR_STOP=1 -f /tmp/source.sql`,
    )
    await dump('shop.dump', '-Fc')
    await dump('shop.sql', '')
    expect((await stat(file('shop.sql'))).size).toBeGreaterThan(90_000_000)
  })

  it('refuses what is no dump, or ends too early, and says that nothing is in', async () => {
    await writeFile(file('picture.dump'), Buffer.from('89504e470d0a1a0a', 'hex'))
    const picture = await importInto2(file('picture.dump'))
    expect([picture.code, picture.stderr]).toEqual([1, expect.stringContaining('it is a PNG image')])
    for (const [name, share] of [
      ['shop.dump', 0.7],
      ['shop.sql', 0.7],
    ] as const) {
      await copyFile(file(name), file('cut'))
      await truncate(file('cut'), Math.floor((await stat(file('cut'))).size * share))
      const { code, stderr } = await importInto2(file('cut'))
      expect(code, stderr).toBe(1)
      expect(stderr).toContain('TRI-IMPORT-003')
      expect(stderr).toContain('nothing of it is in shop2')
      expect(await inShop2(tables)).toBe('0')
    }
  })

  it('rolls back where the operator interrupts it, and where the connection is lost', async () => {
    const running = stack.project.start('db', 'import', file('shop.sql'), '--database', 'shop2', '--lab', '--yes')
    await running.said('sending shop.sql')
    const { code, stderr } = await running.kill('SIGINT')
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing of it is in shop2')])
    const cut = stack.project.start('db', 'import', file('shop.sql'), '--database', 'shop2', '--lab', '--yes')
    await cut.said('sending shop.sql')
    await stack.on('db-1', 'kill $(pgrep -f "python3 -c .* import$" | head -n 1)')
    expect((await cut.ended).stderr).toContain('nothing of it is in shop2')
    expect(await inShop2(tables)).toBe('0')
    expect(await inShop2("select count(*) from pg_stat_activity where application_name = 'trimaran import'")).toBe('0')
  })

  it('takes an archive whole, as the app, and refuses to do it twice', async () => {
    const { code, stdout, stderr } = await importInto2(file('shop.dump'), '--json')
    expect(code, stderr + stdout).toBe(0)
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ type: 'imported', ...imported })
    expect(
      await inShop2("select distinct relowner::regrole from pg_class where relnamespace = 'sales'::regnamespace"),
    ).toBe('app')
    expect(await inShop2('select lomowner::regrole from pg_largeobject_metadata')).toBe('app')
    expect(await inShop2("select nextval('entries_id_seq') > 900000, add_one(1)")).toBe('t|2')
    const again = await importInto2(file('shop.dump'))
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('shop2 has two tables already')])
  })

  it('takes SQL in the place of it, and a server, without a password anywhere', async () => {
    await pipeline(createReadStream(file('shop.sql')), createGzip({ level: 1 }), createWriteStream(file('shop.sql.gz')))
    const sql = await importInto2(file('shop.sql.gz'), '--replace')
    expect(sql.code, sql.stderr).toBe(0)
    expect(sql.stdout).toContain('left out: owners (')
    const url = 'postgresql://ana:password%20of%20ana@127.0.0.1/shop'
    const watched = stack.on('db-1', 'for i in $(seq 100); do ps -eo args; sleep 0.1; done')
    const copied = await importInto2(url, '--replace')
    expect(copied.code, copied.stderr).toBe(0)
    expect(copied.stdout).toContain('902,003 rows')
    const { stdout: history } = await stack.project.trimaran('history', '--lab')
    for (const said of [copied.stdout, copied.stderr, await watched, history])
      expect(said).not.toMatch(/password.{1,3}of.{1,3}ana/)
    expect(history).toContain('db import')
    expect(await readFile(file('trimaran.config.ts'), 'utf8')).toContain('shop2')
    await stack.expectNothingToDo()
  })
})
