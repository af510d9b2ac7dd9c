"""What the programs around Patroni conclude from what it says."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import unittest

files = pathlib.Path(__file__).parent.parent / 'files'


def load(name):
    """A program as a module: none of them has an ending that Python knows."""
    loader = importlib.machinery.SourceFileLoader(name.replace('-', '_'), str(files / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


settings, hand_over = load('apply-patroni-settings'), load('hand-over')
pending, measure = load('check-pending-restart'), load('measure-writes')
compare, trying = load('compare-settings'), load('try-settings')


def member(name, role='quorum_standby', state='streaming', lag=0, **more):
    return {'name': name, 'role': role, 'state': state, 'lag': lag, **more}


class WhatIsInForce(unittest.TestCase):
    def same(self, value, setting, type='integer', unit=None, name='x'):
        return compare.is_same(value, {'name': name, 'setting': setting, 'unit': unit, 'type': type})

    def test_is_the_same_in_another_unit(self):
        for value, setting, unit in (('256MB', '32768', '8kB'), ('1 GB', '1024', 'MB'), (4096, '4096', 'kB'), ('5min', '300', 's'),
                                     ('0.5s', '500', 'ms'), ('1000us', '1', 'ms'), ('0x10', '16', None), (-1, '-1', 'ms'),
                                     ('100kB', '12', '8kB'), ('1.5GB', '1536', 'MB')):
            self.assertTrue(self.same(value, setting, unit=unit), value)
        for value, setting, unit in (('256MB', '16384', '8kB'), ('5min', '5', 's'), (200, '100', None), (0, '-1', 'ms')):
            self.assertFalse(self.same(value, setting, unit=unit), value)
        self.assertTrue(self.same(1.1, '1.1', 'real'))
        self.assertFalse(self.same(1.1, '4', 'real'))

    def test_is_the_same_in_another_word(self):
        for value, setting in ((True, 'on'), ('yes', 'on'), ('t', 'on'), (False, 'off'), ('of', 'off'), (0, 'off')):
            self.assertTrue(self.same(value, setting, 'bool'), value)
        self.assertFalse(self.same(True, 'off', 'bool'))
        self.assertTrue(self.same('on', 'pglz', 'enum'))
        self.assertFalse(self.same('lz4', 'pglz', 'enum'))
        self.assertTrue(self.same('a, b', 'a,b', 'string'))
        self.assertFalse(self.same('a, b', 'a', 'string'))

    def test_is_not_judged_where_it_cannot_be_read(self):
        self.assertTrue(self.same('soon', '5', unit='s'))
        self.assertTrue(self.same(30, '0', unit='s', name='tcp_keepalives_idle'))

    def test_is_named_beside_what_is_stated(self):
        rows = [{'name': 'work_mem', 'setting': '4096', 'unit': 'kB', 'type': 'integer', 'shown': '4MB'}]
        self.assertEqual(compare.differences({'work_mem': '8MB', 'app.x': 1}, rows), ['work_mem is 4MB, not 8MB'])


class WhatPostgreSQLSays(unittest.TestCase):
    def test_is_said_once_and_without_files_and_lines(self):
        said = '''2026-11-30 12:00:00 UTC [1] LOG:  unrecognized configuration parameter "work_men" in file "/var/tmp/x/postgresql.conf" line 3
2026-11-30 12:00:00 UTC [1] LOG:  unrecognized configuration parameter "work_men" in file "/var/tmp/x/postgresql.conf" line 4
2026-11-30 12:00:00 UTC [1] FATAL:  configuration file "/var/tmp/x/postgresql.conf" contains errors'''
        self.assertEqual(trying.plain(said), ['unrecognized configuration parameter "work_men"'])
        self.assertEqual(trying.plain('postgres: out of luck'), ['postgres: out of luck'])

    def test_values_are_quoted_as_its_files_want_it(self):
        rows = trying.rows_of({'a': "it's", 'b': True, 'c': 5, 'd': 'x\\y'})
        self.assertEqual(rows, "a = 'it''s'\nb = 'on'\nc = '5'\nd = 'x\\\\y'\n")


class ACandidateToLead(unittest.TestCase):
    leader = member('db-1', role='leader', state='running')

    def names(self, *others, named=()):
        return [one['name'] for one in hand_over.candidates([self.leader, *others], named)]

    def test_confirms_writes_or_is_least_behind(self):
        ahead, behind = member('db-2', role='replica', lag=0), member('db-3', lag=100)
        self.assertEqual(self.names(ahead, behind), ['db-3', 'db-2'])
        self.assertEqual(self.names(member('db-2', lag=9), member('db-3', lag=3)), ['db-3', 'db-2'])

    def test_follows_and_is_not_far_behind(self):
        unfit = [member('a', state='starting'), member('b', lag='unknown'), member('c', lag=hand_over.largest_lag + 1),
                 member('d', tags={'nofailover': True})]
        self.assertEqual(self.names(*unfit), [])
        self.assertEqual(self.names(member('e', lag=hand_over.largest_lag)), ['e'])

    def test_is_one_of_those_named(self):
        self.assertEqual(self.names(member('db-2'), member('db-3'), named=['db-3']), ['db-3'])

    def test_leads_only_once_it_runs(self):
        self.assertEqual(hand_over.leader_of([member('db-2'), self.leader]), 'db-1')
        self.assertIsNone(hand_over.leader_of([{**self.leader, 'state': 'stopped'}]))


class Patroni:
    """Whom a Patroni names as the leader, question by question; the last answer stays."""
    name = 'db-1'

    def __init__(self, *leaders):
        self.leaders, self.asked = list(leaders), []

    def leader(self):
        return self.leaders.pop(0) if len(self.leaders) > 1 else self.leaders[0]

    def members(self):
        return [member('db-1', role='leader', state='running'), member('db-2')]

    def ask(self, path, body=None):
        self.asked.append((path, body))


class HandingOver(unittest.TestCase):
    def run_it(self, patroni, named=()):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            problem = hand_over.hand_over(patroni, list(named))
        return problem, said.getvalue()

    def test_does_nothing_where_another_leads(self):
        patroni = Patroni('db-2')
        self.assertEqual(self.run_it(patroni), (None, ''))
        self.assertEqual(patroni.asked, [])

    def test_asks_for_a_switchover_and_waits_for_it(self):
        patroni = Patroni('db-1', 'db-1', None, 'db-2')
        self.assertEqual(self.run_it(patroni), (None, 'db-2 leads now\n'))
        self.assertEqual(patroni.asked, [('/switchover', {'leader': 'db-1', 'candidate': 'db-2'})])


class SharedSettings(unittest.TestCase):
    def test_are_named_where_they_differ(self):
        current = {'ttl': 20, 'postgresql': {'parameters': {'a': 1, 'evil': 'x'}}, 'pause': True}
        wanted = {'ttl': 30, 'postgresql': {'parameters': {'a': 1}, 'use_slots': True}}
        found = settings.differences(current, settings.wanted_beside(current, wanted))
        self.assertEqual(found, ['postgresql.parameters.evil', 'postgresql.use_slots', 'ttl'])

    def test_keep_a_pause_of_the_operator_and_nothing_else(self):
        self.assertEqual(settings.wanted_beside({'pause': True, 'x': 1}, {'ttl': 20}), {'ttl': 20, 'pause': True})
        self.assertEqual(settings.wanted_beside({'pause': 'yes'}, {'ttl': 20}), {'ttl': 20})

    def test_are_not_found_wrong_where_nobody_answers(self):
        silent = {'name': 'db-1', 'restapi': {'connect_address': '127.0.0.1:1',
                                              'authentication': {'username': 'u', 'password': 'p'}}}
        self.assertEqual(settings.check(silent), 0)


class ARestartThatIsPending(unittest.TestCase):
    def check(self, **said):
        return pending.check(json.dumps(said))

    def test_is_none_where_nothing_can_be_read(self):
        self.assertEqual([pending.check(''), pending.check('{}'), self.check(pending_restart=False)], [0, 0, 0])

    def test_begins_with_the_leader_where_a_limit_was_lowered(self):
        reason = {'max_connections': {'old_value': '100', 'new_value': '50'}}
        self.assertEqual(self.check(pending_restart=True, pending_restart_reason=reason), pending.LEADER_FIRST)
        raised = {'max_connections': {'old_value': '50', 'new_value': '100'}}
        self.assertEqual(self.check(pending_restart=True, pending_restart_reason=raised), 1)
        other = {'shared_buffers': {'old_value': '16MB', 'new_value': '8MB'}}
        self.assertEqual(self.check(pending_restart=True, pending_restart_reason=other), 1)


class ThePauseOfWrites(unittest.TestCase):
    def test_is_the_longest_between_two_of_them(self):
        self.assertEqual(measure.longest_pause([3.0, 1.0, 1.5]), 1500)
        self.assertIsNone(measure.longest_pause([1.0]))


if __name__ == '__main__':
    unittest.main()
