"""What the program of `db import` makes of real dumps, with the PostgreSQL of the image."""
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BIN = '/usr/lib/postgresql/17/bin'
os.environ.update(PATH=f'{BIN}:{os.environ["PATH"]}', PGHOST='127.0.0.1', PGUSER='postgres')

# A shop in which names, rows and rights are not where one looks for them first.
SHOP = """
create role ana; create schema sales;
create table public.things (id int primary key, name text); insert into things select i, 'thing ' || i from generate_series(1, 50) i;
create table public.books (pages int) inherits (things); insert into books select i, 'book', 9 from generate_series(100, 129) i;
create table sales."Odd;  (Name" (id int primary key, "a)b" text); insert into sales."Odd;  (Name" select i, '\\.' from generate_series(1, 7) i;
create table secrets (id int primary key, owner text); insert into secrets select i, 'ana' from generate_series(1, 9) i;
alter table secrets enable row level security; alter table secrets force row level security;
create policy own on secrets using (owner = current_user);
create table visits (day int, note text) partition by range (day);
create table visits_1 partition of visits for values from (0) to (10); create table visits_2 partition of visits for values from (10) to (20);
insert into visits select i, 'v' from generate_series(0, 19) i;
create table notes (id int); insert into notes values (1);
create publication p for all tables;
alter table things owner to ana; grant select on books to ana;
"""
ROWS = {'public.things': 50, 'public.books': 30, 'sales."Odd;  (Name"': 7, 'public.secrets': 9, 'public.notes': 1}


def psql(database, script):
    return subprocess.run(['psql', '-XAtqv', 'ON_ERROR_STOP=1', '-d', database], input=script, text=True, capture_output=True, check=True).stdout.strip()


def framed(content):
    return len(content).to_bytes(4, 'big') + content + bytes(4)


def environment(wish):
    wish = {'format': 'sql', 'gzip': False, 'database': 'app', 'intoExisting': False, 'before': [], **wish}
    return {**os.environ, 'wish': json.dumps(wish), 'target_password': '', 'source_password': ''}


def run(content, verb='import', **wish):
    """Runs the program as it is run on the primary. Returns what it says, by its kind."""
    ran = subprocess.run([sys.executable, '/tests/import-dump', verb], input=framed(content), env=environment(wish), capture_output=True)
    said = {line['type']: line for line in map(json.loads, ran.stdout.splitlines())}
    return said, ran.stderr.decode()


def dump(*words):
    return subprocess.run(['pg_dump', *words, 'shop'], capture_output=True, check=True).stdout


class Imports(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        subprocess.run(f'install -d -o postgres /data /run/postgresql; cd /; su postgres -c "{BIN}/initdb --no-sync -A trust -D /data"'
                       f' >/dev/null; su postgres -c "{BIN}/pg_ctl -w -l /data/log -o \'-c fsync=off -c wal_level=logical\' -D /data start" >/dev/null', shell=True, check=True)
        psql('postgres', 'create role app login; create database shop;')
        psql('shop', SHOP)

    @classmethod
    def tearDownClass(cls):
        subprocess.run(f'su postgres -c "{BIN}/pg_ctl -m immediate -D /data stop" >/dev/null', shell=True, check=True)

    def setUp(self):
        psql('postgres', 'drop database if exists app with (force);')
        psql('postgres', 'create database app owner app;')

    def imports(self, content, **wish):
        said, error = run(content, **wish)
        self.assertIn('analyzed', said, f'{said.get("refused")} {error}')
        self.assertEqual(psql('app', f"select pg_xact_status('{said['began']['transaction']}'::xid8)"), 'committed')
        compared = said['compared']
        return {one['name']: one['rows'] if one['isCompared'] else None for one in compared['tables']['list']}, compared

    def refuses(self, content, why, **wish):
        said, error = run(content, **wish)
        self.assertRegex(said.get('refused', {}).get('why', error), why)
        self.assertEqual(psql('app', "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"), '0')
        return said

    def test_every_form_with_all_rows_and_counts_what_it_leaves_out(self):
        parts = {'public.visits_1': 10, 'public.visits_2': 10}
        folder = tempfile.mkdtemp()
        subprocess.run(['pg_dump', '-Fd', '-f', f'{folder}/dump', 'shop'], check=True)
        tar = subprocess.run(['tar', '-C', f'{folder}/dump', '-cf', '-', '.'], capture_output=True, check=True).stdout
        os.chmod(folder, 0o755)
        live = {'format': 'live', 'url': 'postgresql://postgres@127.0.0.1/shop'}
        for form, content, wish in (('sql', dump(), {}), ('gzip', gzip.compress(dump()), {'gzip': True}), ('custom', dump('-Fc'), {'format': 'custom'}),
                                    ('folder', tar, {'format': 'directory'}), ('live', b'', live)):
            with self.subTest(form):
                self.setUp()
                tables, compared = self.imports(content, **wish)
                self.assertEqual((tables, compared['tables']['count']), ({**ROWS, **parts}, 8))
                self.assertEqual(compared['leftOut'], {'owners': 10, 'privileges': 1, 'replication': 1})
                self.assertEqual(psql('app', "select distinct relforcerowsecurity from pg_class where relname = 'secrets'"), 't')
                self.assertEqual(psql('app', "select count(*) from only things"), '50')
        self.assertEqual([one for one in os.listdir('/var/tmp') if one.startswith('trimaran-')], [])

    def test_rows_that_come_by_the_name_of_a_partitioned_table(self):
        tables, _ = self.imports(dump('--load-via-partition-root'))
        self.assertEqual(tables, {**ROWS, 'public.visits': 20})

    def test_the_schema_alone_of_a_server(self):
        tables, compared = self.imports(b'', format='live', url='postgresql://postgres@127.0.0.1/shop', schemaOnly=True)
        self.assertEqual((tables, compared['tables']['count']), ({}, 8))

    def test_what_people_write_by_hand(self):
        tables, compared = self.imports(b"""create schema a; create schema b; set search_path = a; create table t (id int); copy t from stdin;
1
\\.
set search_path = b; create table t (id int); copy t from stdin;
1
2
\\.
create table staging (id int); insert into staging values (1); drop table staging;
savepoint s; copy t from stdin;
3
\\.
release s; create table w (id int); create view v as select * from w; alter table t rename to u; insert into v values (5);
""")
        self.assertEqual((tables, compared['tables']), ({'a.t': 1, 'b.u': 3, 'b.v': None}, {**compared['tables'], 'count': 3}))

    def test_nothing_where_the_dump_would_commit_before_its_end(self):
        for text in ('commit and chain', '/* {} */ commit'.format('x' * 70000), 'commit /* a */ work', 'end and chain'):
            with self.subTest(text[:20]):
                self.refuses(f'create table t ();\n{text};\nselect 1 / 0;\n'.encode(), 'line 3|stdin>:3: ERROR: +division by zero')

    def test_nothing_where_it_commits_in_a_way_that_is_not_seen(self):
        said, _ = run(b"create table t (); select set_config('standard_' || 'conforming_strings', 'off', false);\nselect '\\''; commit; --'\n;\n")
        self.assertRegex(said['refused']['why'], 'ended the transaction')

    def test_nothing_where_a_trigger_eats_rows(self):
        self.refuses(b"""create table t (id int); create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger t before insert on t for each row execute function f();
copy t from stdin;
1
\\.
""", 'public.t has 0 rows, and the dump has 1')

    def test_nothing_where_it_cannot_be_unpacked(self):
        packed = bytearray(gzip.compress(dump()))
        packed[10] = 0xff
        self.refuses(bytes(packed), 'cannot be read: Error -3', gzip=True)
        self.refuses(bytes(packed), 'cannot be unpacked: Error -3', gzip=True, format='custom')

    def test_a_folder_that_is_gone_where_somebody_ends_it(self):
        reader, writer = os.pipe()
        process = subprocess.Popen([sys.executable, '/tests/import-dump', 'import'], stdin=reader, env=environment({'format': 'directory'}), stdout=subprocess.DEVNULL)
        os.write(writer, (10).to_bytes(4, 'big'))
        ours = lambda: [one for one in os.listdir('/var/tmp') if one.startswith('trimaran-')]
        for _ in range(50):
            if ours():
                break
            time.sleep(0.1)
        # Nobody waits for locks while it is unpacked.
        self.assertEqual((len(ours()), psql('app', "select count(*) from pg_stat_activity where application_name = 'trimaran import'")), (1, '0'))
        process.send_signal(signal.SIGTERM)
        self.assertEqual((process.wait(10), ours()), (75, []))

    def test_a_look_at_the_list_of_a_folder_alone(self):
        folder = tempfile.mkdtemp()
        subprocess.run(['pg_dump', '-Fd', '-f', f'{folder}/dump', 'shop'], check=True)
        tar = subprocess.run(['tar', '-C', f'{folder}/dump', '-cf', '-', 'toc.dat'], capture_output=True, check=True).stdout
        said, error = run(tar, 'look', format='directory')
        self.assertEqual(said['dump']['tables'], 8, error)


if __name__ == '__main__':
    unittest.main()
