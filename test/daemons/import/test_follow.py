"""A database follows a server elsewhere while somebody writes there: with two PostgreSQLs of the image."""
import json
import os
import subprocess
import sys
import threading
import time
import unittest

BIN = '/usr/lib/postgresql/17/bin'
os.environ.update(PATH=f'{BIN}:{os.environ["PATH"]}', PGHOST='/run/postgresql', PGUSER='postgres')
OLD = 5433
NAME = 'trimaran_shop_app'

SHOP = """
create schema sales; create table things (id bigserial primary key, name text);
create table sales."Odd;  (Name" (id int generated always as identity (start 500) primary key, "a)b" text);
create table visits (day int primary key) partition by range (day); create table visits_1 partition of visits for values from (0) to (100000);
create table no_key (note text); alter table no_key replica identity full;
create materialized view a_view as select count(*) from things; create materialized view b_view as select * from a_view;
insert into things (name) select 'thing ' || i from generate_series(1, 20000) i; insert into no_key values ('x');
insert into sales."Odd;  (Name" ("a)b") select 'o' from generate_series(1, 7); insert into visits select generate_series(0, 99);
create sequence lone; select nextval('lone'), nextval('lone');
"""


def psql(script, port=5432, database='app'):
    ran = subprocess.run(['psql', '-XAtqv', 'ON_ERROR_STOP=1', '-p', str(port), '-d', database], input=script, text=True, capture_output=True)
    if ran.returncode != 0:
        raise AssertionError(ran.stderr)
    return ran.stdout.strip()


def old(script):
    return psql(script, OLD, 'shop')


def run(verb, **wish):
    """As it is run on the primary. Returns what it says, by its kind."""
    wish = {'database': 'app', 'name': NAME, 'address': f'postgresql://ana@127.0.0.1:{OLD}/shop', 'seconds': 20, 'isAnyway': False, **wish}
    ran = subprocess.run(['runuser', '-u', 'postgres', '--', sys.executable, '/tests/follow-database', verb], capture_output=True, text=True,
                         env={**os.environ, 'HOME': '/nonexistent', 'wish': json.dumps(wish), 'source_password': 'p@ss/word of ana'})
    said = {line['type']: line for line in map(json.loads, ran.stdout.splitlines())}
    return said, ran.stderr


class Writer:
    """The app of the old server."""

    def __enter__(self):
        self.is_over, self.done = False, 0
        self.thread = threading.Thread(target=self.write)
        self.thread.start()
        return self

    def write(self):
        while not self.is_over:
            old("insert into things (name) values ('new'); update things set name = name || '!' where id % 1000 = 0; delete from things where id = (select min(id) from things);"
                " update no_key set note = note || 'y'; select nextval('lone');")
            self.done += 1

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()


class Follows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run('install -d -o postgres /data /old /run/postgresql', shell=True, check=True)
        for folder, port, more in (('/data', 5432, ''), ('/old', OLD, '-c wal_level=logical')):
            subprocess.run(f'cd /; su postgres -c "{BIN}/initdb --no-sync --auth-local=trust --auth-host=scram-sha-256 -D {folder}" >/dev/null; su postgres -c "{BIN}/pg_ctl -w -l {folder}/log'
                           f' -o \'-p {port} -c fsync=off -c log_statement=all -c wal_receiver_timeout=5s {more}\' -D {folder} start" >/dev/null', shell=True, check=True)
        psql('create role app login', database='postgres')
        psql("create role ana login replication password 'p@ss/word of ana'; create database shop owner ana;", OLD, 'postgres')
        psql('set role ana;' + SHOP, OLD, 'shop')

    @classmethod
    def tearDownClass(cls):
        subprocess.run(f'for one in /data /old; do su postgres -c "{BIN}/pg_ctl -m immediate -D $one stop" >/dev/null; done', shell=True, check=True)

    def setUp(self):
        psql('drop database if exists app with (force)', database='postgres')
        psql('create database app owner app', database='postgres')
        schema = subprocess.run(['pg_dump', '-p', str(OLD), '-OxsU', 'postgres', 'shop'], capture_output=True, text=True, check=True).stdout
        psql('set session authorization app;' + '\n'.join(line for line in schema.split('\n') if not line.startswith('\\')))

    def tearDown(self):
        run('abandon')

    def until_copied(self):
        for _ in range(200):
            said, error = run('status')
            if set(said['status']['tables']) == {'r'}:
                return said['status']
            time.sleep(0.1)
        self.fail(f'{said} {error}')

    def nothing_left(self):
        self.assertEqual(old('select count(*) from pg_replication_slots; select count(*) from pg_publication'), '0\n0')
        self.assertEqual(psql('select count(*) from pg_subscription; select count(*) from pg_db_role_setting where setrole <> 0'), '0\n0')

    def rows(self, ask):
        return [ask(f'select count(*), md5(string_agg(t::text, $$ $$ order by t::text)) from {table} t') for table in ('things', 'no_key', 'visits', 'sales."Odd;  (Name"')]

    def test_the_question_that_is_asked_first(self):
        with open('/tests/question.sql') as file:
            question = file.read()
        fit = {'walLevel': 'logical', 'isReplica': False, 'mayReplicate': True, 'mayPublish': True, 'freeSlots': 10, 'freeSenders': 10, 'hasLargeObjects': False,
               'tables': 4, 'withoutKey': [], 'ofOthers': [], 'hidden': [], 'unlogged': []}
        self.assertEqual(json.loads(old('set role ana;' + question)), fit)
        found = psql("""begin; create table no_key_2 (id int); create table index_key (id int not null unique); alter table index_key replica identity using index index_key_id_key;
          create unlogged table quick (id int primary key); create table "Hidden" (id int primary key); alter table "Hidden" enable row level security, force row level security;
          select lo_create(0); create role other; set local role other;""" + question, OLD, 'shop').split('\n', 1)[1]
        self.assertEqual(json.loads(found), {**fit, 'mayReplicate': False, 'mayPublish': False, 'hasLargeObjects': True, 'tables': 7, 'withoutKey': ['public.no_key_2'],
                         'ofOthers': ['public."Hidden"', 'public.index_key', 'public.no_key', 'public.no_key_2', 'public.things', 'public.visits_1', 'sales."Odd;  (Name"'],
                         'hidden': ['public."Hidden"'], 'unlogged': ['public.quick']})

    def test_with_writes_from_the_first_moment_to_the_end(self):
        with Writer() as writer:
            said, error = run('begin')
            self.assertEqual(said['begun']['tables'], 4, error)
            status = self.until_copied()
            while writer.done < 50:
                time.sleep(0.1)
        self.assertEqual((status['isWorking'], status['failures'], status['source'], status['there']['slot']['isActive']), (True, 0, f'postgresql://ana@127.0.0.1:{OLD}/shop', True))
        with self.assertRaisesRegex(AssertionError, 'read-only transaction'):
            psql('set session authorization app; set default_transaction_read_only = on; insert into things (name) values (1)')
        self.assertIn('default_transaction_read_only=on', psql("select setconfig from pg_db_role_setting where setrole = 'app'::regrole"))
        said, error = run('finish')
        self.assertIn('cleared', said, f'{said} {error}')
        self.assertEqual((said['finished']['tables'], said['finished']['sequences'], self.rows(psql)), (4, 3, self.rows(old)))
        for name in ('lone', 'things_id_seq', 'sales."Odd;  (Name_id_seq"'):
            self.assertEqual(psql(f"select nextval('{name}')"), old(f"select nextval('{name}')"))
        self.assertEqual(psql('select * from b_view'), psql('select count(*) from things'))
        self.nothing_left()
        with open('/data/log') as file:
            log = file.read()
        self.assertFalse('p@ss' in log or 'p%40ss' in log)

    def test_no_end_while_somebody_may_write_there(self):
        self.assertIn('begun', run('begin')[0])
        self.until_copied()
        app = subprocess.Popen(['psql', '-XAtq', '-p', str(OLD), 'dbname=shop application_name=shop-app'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        app.stdin.write(b"begin; insert into no_key values ('last'); select 1;\n")
        app.stdin.flush()
        app.stdout.readline()
        self.assertRegex(run('finish')[0]['refused']['why'], r'others are logged in.*postgres shop-app \(1\)')
        self.assertRegex(run('finish', isAnyway=True)[0]['refused']['why'], 'cannot be locked.*lock timeout')
        app.stdin.write(b'commit;\n')
        app.stdin.close()
        app.wait()
        self.assertIn('cleared', run('finish')[0])
        self.assertEqual(self.rows(psql), self.rows(old))
        self.nothing_left()

    def test_no_end_where_the_two_differ(self):
        self.assertIn('begun', run('begin')[0])
        self.until_copied()
        old('create table made_since (id int)')
        self.assertRegex(run('finish')[0]['refused']['why'], 'made_since')
        old('drop table made_since')
        psql("insert into things (id, name) values (-1, 'not from there')")
        self.assertRegex(run('finish')[0]['refused']['why'], r'"things" has \d+ rows here, and \d+ there')
        self.assertEqual(run('status')[0]['status']['isWorking'], True)
        psql('delete from things where id = -1')
        self.assertIn('cleared', run('finish')[0])

    def test_nothing_stays_where_it_is_abandoned_or_cannot_begin(self):
        said, error = run('begin')
        self.assertRegex(run('begin')[0]['refused']['why'], 'follows a server already')
        said, error = run('abandon')
        self.assertEqual((said['gone']['why'], psql('select count(*) from pg_class where relowner = $$app$$::regrole')), ('', '0'), error)
        self.nothing_left()
        self.assertRegex(run('abandon')[0]['refused']['why'], 'follows nobody')
        self.setUp()
        psql('alter table things rename to others')
        said, error = run('begin')
        self.assertRegex(said['refused']['why'], 'relation "public.things" does not exist')
        self.assertEqual((said['gone']['why'], psql('select count(*) from pg_class where relowner = $$app$$::regrole')), ('', '0'), error)
        self.nothing_left()

    def test_nothing_is_waited_for_where_it_is_abandoned_in_the_middle(self):
        old("set role ana; create table large (id int primary key, note text); insert into large select i, repeat(md5(i::text), 30) from generate_series(1, 400000) i")
        try:
            self.setUp()
            self.assertIn('begun', run('begin')[0])
            while 'd' not in run('status')[0]['status']['tables']:
                time.sleep(0.05)
            began = time.monotonic()
            said, error = run('abandon')
            self.assertEqual(said['gone']['why'], '', error)
            self.assertLess(time.monotonic() - began, 5)
            self.nothing_left()
        finally:
            old('drop table large')

    def test_the_slot_is_named_where_the_old_server_is_gone(self):
        self.assertIn('begun', run('begin')[0])
        psql("alter role ana nologin; select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ana'", OLD, 'postgres')
        self.assertRegex(run('status')[0]['status']['there']['why'], 'not permitted to log in')
        said, error = run('abandon')
        self.assertEqual(psql('select count(*) from pg_subscription'), '0', error)
        self.assertRegex(said['gone']['why'], 'not permitted to log in')
        self.assertIn(NAME, old('select slot_name from pg_replication_slots'))
        old(said['gone']['byHand'] + 'alter role ana login;')
        self.nothing_left()


if __name__ == '__main__':
    unittest.main()
