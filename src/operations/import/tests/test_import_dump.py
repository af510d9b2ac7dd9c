"""What an import makes of a dump: which statements stay, and which rows are counted."""
import importlib.machinery
import importlib.util
import io
import pathlib
import unittest

path = str(pathlib.Path(__file__).parent.parent / 'files' / 'import-dump')
loader = importlib.machinery.SourceFileLoader('import_dump', path)
program = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(program)


def walk(text):
    written = []
    script = program.Script(written.append)
    script.feed(io.BufferedReader(io.BytesIO(text.encode())))
    script.finish()
    return script, b''.join(written).decode()


def by_name(script, counted):
    """What was counted, by the names of tables."""
    return {script.names[number]: count for number, count in counted.items()}


class Statements(unittest.TestCase):
    def stays(self, text):
        self.assertEqual(walk(text)[1], text)

    def goes(self, text, what=None):
        script, written = walk(text)
        self.assertEqual(written.strip(), '')
        self.assertEqual(written.count('\n'), text.count('\n'))
        self.assertEqual(dict(script.skipped), {} if what is None else {what: 1})

    def test_of_the_app_stay_as_they_are(self):
        for text in ("create table a (b text default ';');\n", 'select 1; select 2;\n', "select 'it''s; --', \"a;\"\"b\", $$;$$, $x$ $$; $x$;\n",
                     "select E'a\\'; grant', e'\\\\';\n", "select E'it''s \\'; commit; \\'';\n", 'create rule r as on delete to a do (select 1; select 2);\n',
                     'create function f() returns int\n begin atomic select case when true then 1 else 2 end; end;\nselect 1;\n',
                     'alter table a rename to b;\n', 'savepoint a;\nrollback to savepoint a;\n', 'select $1a$, a$b$c;\n'):
            self.stays(text)

    def test_about_owners_and_rights_go(self):
        self.goes('ALTER TABLE public.entries OWNER TO shop;\n', 'owners')
        self.goes('ALTER FUNCTION f(a integer,\n b text) OWNER TO "the; owner";\n', 'owners')
        self.goes('GRANT SELECT ON TABLE a TO b;\n', 'privileges')
        self.goes('revoke all on schema public from public;\n', 'privileges')
        self.goes('ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b;\n', 'privileges')
        self.goes("SET SESSION AUTHORIZATION 'shop';\n", 'roles')
        self.goes('CREATE ROLE evil SUPERUSER;\n', 'roles')
        self.goes("CREATE SUBSCRIPTION s CONNECTION 'host=a' PUBLICATION p;\n", 'replication')
        self.goes('SET default_tablespace = fast;\n', 'tablespaces')

    def test_that_would_end_the_transaction_go(self):
        for text in ('BEGIN;\n', 'begin transaction;\n', 'COMMIT;\n', 'end;\n', 'COMMIT AND CHAIN;\n', 'commit work and no chain;\n', 'END TRANSACTION AND CHAIN;\n', 'commit\n;\n', 'BEGIN READ ONLY;\n', "SET default_tablespace = '';\n", "COMMENT ON EXTENSION a IS 'b';\n",
                     '\\restrict abc\n', '\\unrestrict abc\n'):
            self.goes(text)
        for text, why in (('select 1;\nrollback;\n', 'line 2: ROLLBACK'), ('rollback and chain;\n', 'line 1: ROLLBACK'),
                          ("prepare transaction 'a';\n", 'two phases'), ("commit prepared 'a';\n", 'two phases')):
            with self.assertRaisesRegex(program.Refused, why):
                walk(text)

    def test_are_known_whatever_is_before_and_within_them(self):
        much = 'x; ' * 60000
        for text in ('/* a */ commit;\n', 'commit /* a */ and -- b\n chain;\n', f'/* {much} */ commit;\n', f'/*\n{much}\n*/\ncommit;\n', f'-- {much}\ncommit;\n',
                     f'{" " * 70000}commit;\n', f'{" " * 3_000_000}commit;\n', f'--{"-" * 3_000_000}\ncommit;\n', f'/*{"*" * 3_000_000}*/commit;\n',
                     f'commit /*{much}*/;\n'):
            with self.subTest(text[:40]):
                self.goes(text)
        with self.assertRaisesRegex(program.Refused, 'more than 64 KB'):
            walk(f'commit {" " * 70000};\n')

    def test_end_where_they_end_for_psql(self):
        for text in ('select begin atomic from a; commit; end;\n', 'do $a$ begin atomic $a$; commit;\n', '/* create function */ begin; commit;\n'):
            self.assertNotIn('commit', walk(text)[1])
        self.stays('create or replace procedure p() begin atomic delete from a; commit_all(); end;\n')

    def test_are_read_in_pieces_that_cut_nothing(self):
        within = ("select E'a''b\\'; commit; \\'' $tag$; commit; $ta $tag$ \"a\"\"; commit\" /* '; /* */ ' */ , e'\\\\', 'it''s; commit;';"
                  "-- ' commit\nselect 1;\n").encode()
        whole = walk(within.decode())
        piece, program.PIECE = program.PIECE, 48
        try:
            for shift in range(1, 60):
                text = f'select {" " * shift}1 {within[7:].decode()}'
                with self.subTest(shift=shift):
                    self.assertEqual(walk(text)[1].split(), f'select 1 {whole[1][7:]}'.split())
        finally:
            program.PIECE = piece

    def test_of_psql_and_of_whole_databases_are_refused(self):
        for text, why in (('\\! id\n', 'line 1: a command of psql'), ('select 1 \\gexec\n', 'a command of psql'), ('\\connect shop\n', '--create'),
                          ('CREATE DATABASE shop;\n', '--create'), ('--\n-- PostgreSQL database cluster dump\n--\n', 'pg_dumpall'),
                          ('-- MySQL dump 10.13\n', 'MySQL')):
            with self.assertRaisesRegex(program.Refused, why):
                walk(text)

    def test_are_read_as_the_server_reads_them(self):
        text = "SET standard_conforming_strings = off;\nselect 'a\\'; grant';\n"
        self.stays(text)
        for text in ("select set_config('standard_conforming_strings', 'off', false);\n", 'reset standard_conforming_strings;\n'):
            with self.assertRaisesRegex(program.Refused, 'where strings end'):
                walk(text)
        self.stays("create function f() returns text language sql as 'show standard_conforming_strings';\n")
        self.assertEqual(walk('CREATE SCHEMA public;\n')[1], 'CREATE SCHEMA IF NOT EXISTS public;\n')
        self.assertEqual(walk('create schema public_2;\n')[1], 'create schema public_2;\n')

    def test_may_be_longer_than_what_is_looked_into(self):
        text = f"insert into a values ('{'x;' * 100000}');\nselect 1;\n"
        script, written = walk(text)
        self.assertEqual((written, by_name(script, script.inserts)), (text, {'a': 1}))


class Rows(unittest.TestCase):
    def test_are_counted_and_not_looked_into(self):
        text = 'COPY public.a (b, c) FROM stdin;\n1\t\\restrict x\nGRANT;\n\\\\.\n\\.\n\n\nselect 1;\n'
        script, written = walk(text)
        self.assertEqual((written, by_name(script, script.rows), script.line), (text, {'public.a': 3}, 8))

    def test_have_odd_names_and_encodings(self):
        text = b'COPY public."Odd;  (Name" ("a)b", c) FROM stdin;\n1\t2\n\\.\ninsert into "g\xe4ste" values (1);\n'
        asked = []
        script = program.Script(lambda piece: None, ask_for=lambda number, name: asked.append(name.encode('utf-8', 'surrogateescape')) or b'')
        script.feed(io.BufferedReader(io.BytesIO(text)))
        self.assertEqual(asked, [b'public."Odd;  (Name"', b'"g\xe4ste"'])

    def test_belong_to_what_a_name_meant_then(self):
        text = 'set search_path = a;\ncopy t from stdin;\n1\n\\.\nset search_path = b;\ncopy t from stdin;\n1\n2\n\\.\ninsert into t values (3);\ninsert into t values (4);\n'
        written = []
        script = program.Script(written.append, ask_for=lambda number, name: f'ask {number}; '.encode())
        script.feed(io.BufferedReader(io.BytesIO(text.encode())))
        self.assertEqual((dict(script.rows), dict(script.inserts)), ({0: 1, 1: 2}, {1: 2}))
        self.assertEqual(b''.join(written).decode(), text.replace('copy', 'ask 0; copy', 1).replace('= b;\ncopy', '= b;\nask 1; copy'))

    def test_that_there_are_none_of_touch_no_table(self):
        script, written = walk('copy a from stdin;\n\\.\nselect 1;\n')
        self.assertEqual((written, dict(script.rows)), ('\n\nselect 1;\n', {}))

    def test_may_have_line_ends_of_windows(self):
        script, _ = walk('copy a from stdin;\r\n1\r\n\\.\r\n')
        self.assertEqual(by_name(script, script.rows), {'a': 1})

    def test_of_other_forms_are_not_counted(self):
        script, _ = walk('copy a from stdin with (format csv);\n"1\n2"\n\\.\n')
        self.assertEqual((dict(script.rows), by_name(script, script.inserts)), ({}, {'a': 1}))


class Wholeness(unittest.TestCase):
    def test_ends_with_the_line_of_pg_dump(self):
        head = '--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 16.4\nselect 1;\n'
        with self.assertRaisesRegex(program.Refused, 'has no end'):
            walk(head)
        script, _ = walk(f'{head}--\n-- PostgreSQL database dump complete\n--\n')
        self.assertEqual((script.is_dump, script.versions), (True, {'from': '16.4'}))

    def test_does_not_end_within_something(self):
        for text in ('select 1', "select 'a", 'copy a from stdin;\n1\n', 'select $$ a', '/* a', 'create function f() begin atomic select 1;\n'):
            with self.assertRaisesRegex(program.Refused, 'not whole'):
                walk(text)

    def test_of_what_was_sent_is_known_by_its_end(self):
        class Pieces:
            def __init__(self, data):
                self.data = io.BytesIO(data)

            def read1(self, count):
                return self.data.read(min(count, 3))

        def read(data):
            return program.Frames(Pieces(data)).readall()

        self.assertEqual(read(b'\0\0\0\5hello\xff\xff\xff\xff\0\0\0\1!\0\0\0\0'), b'hello!')
        for data in (b'', b'\0\0\0\5hel', b'\0\0\0\5hello', b'\0\0'):
            with self.assertRaises(program.Cut):
                read(data)


if __name__ == '__main__':
    unittest.main()
