"""The observer's decisions as tables: what etcd holds, and what follows."""
import unittest

from decide import (Awaited, Key, Position, Promise, Silence, View, adopt, anybody, establish, find_reason_to_stand_still,
                    check_candidate, may_adopt, may_promise, may_receive_from, may_revoke, must_step_down, nobody, revoke,
                    waits_for_witnesses)
from etcd import read_view

members = ['db-1', 'db-2', 'db-3']


def promise(name, silent=10, position=(1, 100)):
    return Promise(name, silent, Position(*position), Key(f'/service/s/observer/{name}', '{}', 20))


def view(leader='db-1', standbys=('db-2', 'db-3'), sync_leader='db-1', quorum=1, acts=True, holder='db-1', term=10,
         timeline=1, promises=(), observers=members, revision=10):
    key = Key('/service/s/leader', leader, revision) if leader else None
    sync, config = Key('/service/s/sync', 'who confirms', 11), Key('/service/s/config', 'settings', 12)
    established = Key('/service/s/established', 'who', 13) if holder else None
    own = {name: Key(f'/service/s/observer/{name}', '{}', 20) for name in observers}
    return View(key, sync, config, established, sync_leader, frozenset(standbys), quorum, acts, holder, term, timeline,
                tuple(promises), own)


both = [promise('db-2'), promise('db-3')]


class TheLeaderKeyIsRevoked(unittest.TestCase):
    table = [
        ('when both replicas have promised', view(promises=both), True),
        ('not with one promise of two: nobody could take over', view(promises=both[:1]), False),
        ('not without any', view(), False),
        ('not with a promise about an earlier term', view(promises=[both[0], promise('db-3', 9)]), False),
        ('not with a promise of one that did not find it silent', view(promises=[both[0], promise('db-3', 0)]), False),
        ('not when nobody leads', view(leader=None, promises=both), False),
        ('not while Patroni is paused', view(acts=False, promises=both), False),
        ('not when the primary confirms alone', view(standbys=[], promises=both), False),
        ('not before the new primary has said who confirms', view(sync_leader='db-3', promises=both), False),
        ('not before it has established its term', view(holder='db-3', promises=both), False),
        ('when the only one that confirms has promised, and a majority', view(standbys=['db-2'], promises=both), True),
        ('not by a single member', view(standbys=['db-2'], promises=both[:1]), False),
        ('not by members that do not confirm', view(standbys=['db-2', 'db-3', 'db-4'], promises=both), False),
        ('not with a promise of the primary about itself', view(promises=[both[0], promise('db-1')]), False),
    ]

    def test_table(self):
        for title, seen, expected in self.table:
            with self.subTest(title):
                self.assertEqual(may_revoke(seen, members), expected)

    def test_one_transaction_that_rests_on_all_it_saw(self):
        seen = view(promises=[*both, promise('db-4', 9)])
        change = revoke(seen)
        self.assertEqual([key.path.split('/s/')[1] for key in change['unchanged']],
                         ['leader', 'sync', 'config', 'established', 'observer/db-2', 'observer/db-3'])
        self.assertEqual((change['put'], change['delete']), ([], ['/service/s/leader']))


class ACandidateIsPromoted(unittest.TestCase):
    here = Position(1, 100)
    table = [
        ('when who may have confirmed has promised and is not ahead', view('db-2', promises=both), here, 'yes'),
        ('not without the leader key', view('db-3', promises=both), here, 'no'),
        ('not when a promise is ahead', view('db-2', promises=[promise('db-2'), promise('db-3', position=(1, 101))]), here, 'wait'),
        ('not when too few are left that are not',
         view('db-2', promises=[promise('db-3', position=(1, 101)), promise('db-1', position=(1, 101))]), here, 'no'),
        ('when a former primary that is a replica has promised', view('db-2', promises=[promise('db-2'), promise('db-1', 0)]), here, 'yes'),
        ('not by a holder that promised before it began its timeline',
         view('db-2', timeline=2, promises=[promise('db-2'), promise('db-1', position=(1, 100))]), Position(2, 100), 'wait'),
        ('by a holder that promised after it led',
         view('db-2', timeline=2, promises=[promise('db-2'), promise('db-1', position=(2, 100))]), Position(2, 100), 'yes'),
        ('not by its own promise', view('db-2', promises=both[:1]), here, 'wait'),
        ('not by one that never confirms', view('db-2', promises=[promise('db-2'), promise('db-4')]), here, 'wait'),
        ('not while it may receive from another', view('db-2', promises=both[1:]), here, 'wait'),
        ('alone where one is enough', view('db-2', standbys=['db-2'], quorum=0, promises=both[:1]), here, 'yes'),
        ('not alone where one is enough, but it may receive from another', view('db-2', standbys=['db-2'], quorum=0), here, 'wait'),
        ('not alone when it is not among those',
         view('db-3', standbys=['db-2'], quorum=0, promises=both[1:]), here, 'wait'),
        ('not before it has followed who led last', view('db-2', timeline=2, promises=both), here, 'no'),
        ('when it is on a later timeline, though shorter',
         view('db-2', timeline=2, promises=[promise('db-2'), promise('db-3', position=(1, 900))]), Position(2, 100), 'yes'),
        ('when it was the last that led', view('db-1', revision=30), here, 'yes'),
        ('while Patroni is paused: the operator decides', view('db-2', acts=False), here, 'yes'),
        ('before anybody has established a term: as Patroni alone', view('db-2', holder=''), here, 'yes'),
    ]

    def test_table(self):
        for title, seen, position, expected in self.table:
            name = 'db-3' if 'among those' in title else 'db-1' if 'last that led' in title else 'db-2'
            with self.subTest(title):
                self.assertEqual(check_candidate(seen, name, position)[0], expected)

    def test_one_transaction_that_rests_on_all_it_saw(self):
        seen = view('db-2', promises=[promise('db-3')], revision=30)
        change = establish(seen, 'db-2', 2)
        self.assertEqual([key.path.split('/s/')[1] for key in change['unchanged']],
                         ['leader', 'sync', 'config'])
        self.assertEqual([(key.path.split('/s/')[1], key.value) for key in change['put']],
                         [('established', '{"holder": "db-2", "term": 30, "timeline": 2}'), ('observer/db-2', '{}')])

    def test_its_own_key_need_not_be_there(self):
        change = establish(view('db-2', observers=[]), 'db-2', 2)
        self.assertEqual(change['put'][1].path, '/service/s/observer/db-2')


class APrimaryWaits(unittest.TestCase):
    table = [
        ('for one of two, any two of three take over', view(), ['db-1', 'db-3'], 1, True),
        ('for one of two, any one of two takes over', view(standbys=['db-2'], quorum=0), ['db-1', 'db-3'], 1, False),
        ('for both, any one of two takes over', view(standbys=['db-2'], quorum=0), ['db-1', 'db-3'], 2, True),
        ('for nobody', view(), [], 0, False),
        ('for anybody: one that is not asked afterwards', view(), ['*'], 1, False),
        ('for anybody, where nobody else may take over', view(standbys=[], sync_leader='db-2', quorum=0), ['*'], 1, True),
        ('not being one of those that confirm', view(standbys=['db-3'], quorum=0), ['db-1', 'db-3'], 2, True),
    ]

    def test_table(self):
        for title, seen, names, enough, expected in self.table:
            with self.subTest(title):
                self.assertEqual(waits_for_witnesses(seen, 'db-2', Awaited(frozenset(names), enough)), expected)


class AReplicaReceives(unittest.TestCase):
    table = [
        ('from who leads and has established that', view(), 'db-1'),
        ('from nobody while nobody leads', view(leader=None), nobody),
        ('from nobody while the leader has not established its term', view('db-2'), nobody),
        ('from anybody before there was one', view(holder=''), anybody),
        ('from anybody while Patroni is paused', view(acts=False), anybody),
    ]

    def test_table(self):
        for title, seen, expected in self.table:
            with self.subTest(title):
                self.assertEqual(may_receive_from(seen), expected)

    def test_a_server_that_leads_does_not_promise(self):
        self.assertFalse(may_promise(view(), 'db-1'))
        self.assertTrue(may_promise(view(), 'db-2'))
        self.assertTrue(may_promise(view('db-2'), 'db-1'))


class APrimaryIsEntered(unittest.TestCase):
    table = [
        ('the first time', view(holder=''), True, True),
        ('not before every server that confirms has an observer', view(holder='', observers=['db-1', 'db-2']), True, False),
        ('not before it says who confirms', view(holder='', sync_leader=''), True, False),
        ('not a replica', view(holder=''), False, False),
        ('not another', view('db-2', holder=''), True, False),
        ('not where another was established', view(holder='db-2'), True, False),
        ('but while Patroni is paused', view(holder='db-2', acts=False), True, True),
        ('not again', view(acts=False), True, False),
    ]

    def test_table(self):
        for title, seen, is_primary, expected in self.table:
            with self.subTest(title):
                self.assertEqual(may_adopt(seen, 'db-1', is_primary), expected)

    def test_in_one_transaction(self):
        change = adopt(view(holder=''), 'db-1', 1)
        self.assertEqual([(key.path, key.revision) for key in change['unchanged']][-1], ('/service/s/established', 0))
        self.assertEqual(change['put'][0].value, '{"holder": "db-1", "term": 10, "timeline": 1}')


class APrimaryStepsDown(unittest.TestCase):
    table = [
        ('when another holds its office', view('db-2'), True, True, True),
        ('when another has established its term since', view(holder='db-2'), True, True, True),
        ('not before anybody has', view(holder=''), True, True, False),
        ('not when it holds the office itself', view(), True, False, False),
        ('not when it is vacant: Patroni may take it back', view(leader=None), True, True, False),
        ('when it is vacant, and Patroni does not answer', view(leader=None), True, False, True),
        ('not while it is only being made', view(leader=None, sync_leader=''), True, False, False),
        ('not while Patroni is paused', view('db-2', acts=False), True, True, False),
        ('not when it is a replica', view('db-2'), False, True, False),
    ]

    def test_table(self):
        for title, seen, is_primary, is_looked_after, expected in self.table:
            with self.subTest(title):
                self.assertEqual(must_step_down(seen, 'db-1', is_primary, is_looked_after), expected)


class SilenceLasts(unittest.TestCase):
    def test_only_while_somebody_listened(self):
        silence = Silence(0)
        for _ in range(8):
            silence.ask()
        self.assertFalse(silence.lasts(1.5, 1.4))
        self.assertTrue(silence.lasts(1.5, 1.5))
        silence.restart(100)
        self.assertFalse(silence.lasts(1.5, 101.6), 'nothing was asked since')


class EtcdIsRead(unittest.TestCase):
    def test_as_patroni_writes_them(self):
        rows = {
            'leader': ('db-1', 10),
            'sync': ('{"leader":"db-1","quorum":1,"sync_standby":"db-2,db-3"}', 11),
            'config': ('{"synchronous_mode":"quorum","ttl":20}', 12),
            'members/db-1': ('{}', 13),
            'observer/db-1': ('{}', 13),
            'observer/db-2': ('{"silent": 10, "timeline": 1, "lsn": 100}', 14),
            'observer/db-3': ('{"leader_revision": 10}', 15),
            'observer/db-4': ('[]', 16),
            'established': ('{"holder": "db-1", "term": 10, "timeline": 1}', 17),
        }
        seen = read_view('/service/s/', [Key(f'/service/s/{name}', *row) for name, row in rows.items()])
        self.assertEqual((seen.sync_leader, sorted(seen.standbys), seen.quorum, seen.acts),
                         ('db-1', ['db-2', 'db-3'], 1, True))
        self.assertEqual((seen.holder, seen.term, seen.timeline), ('db-1', 10, 1))
        key = Key('/service/s/observer/db-2', '{"silent": 10, "timeline": 1, "lsn": 100}', 14)
        self.assertEqual(seen.promises, (Promise('db-2', 10, Position(1, 100), key),))
        self.assertEqual(list(seen.observers), ['db-1', 'db-2', 'db-3', 'db-4'])
        self.assertIsNone(find_reason_to_stand_still(seen))

    def test_in_doubt_it_stands_still(self):
        for sync, config in [
            (None, '{"synchronous_mode":"quorum"}'),
            ('no json', '{"synchronous_mode":"quorum"}'),
            ('{"leader":"db-1","sync_standby":""}', '{"synchronous_mode":"quorum"}'),
            ('{"leader":"db-1","sync_standby":"db-2"}', '{"synchronous_mode":true}'),
            ('{"leader":"db-1","sync_standby":"db-2"}', '{"synchronous_mode":"quorum","pause":true}'),
            ('{"leader":"db-1","sync_standby":"db-2"}', '[]'),
        ]:
            keys = [Key('/service/s/leader', 'db-1', 10), Key('/service/s/config', config, 12)]
            keys += [Key('/service/s/sync', sync, 11)] if sync is not None else []
            with self.subTest(sync=sync, config=config):
                self.assertIsNotNone(find_reason_to_stand_still(read_view('/service/s/', keys)))


if __name__ == '__main__':
    unittest.main()
