"""The observer's decisions as tables: what etcd holds, and what follows."""
import unittest

from decide import (
    Key, Promise, Silence, View, find_reason_to_stand_still, hand_over, may_confirm_again, may_hand_over, must_step_down)
from votes import read_view

votes = ['db-1', 'db-2', 'db-3']


def promise(name, leader_revision=10):
    return Promise(name, leader_revision, Key(f'/service/s/observer/{name}', '{}', 20))


def view(leader='db-1', standbys=('db-2', 'db-3'), sync_leader='db-1', acts=True, promises=()):
    key = Key('/service/s/leader', leader, 10) if leader else None
    sync, config = Key('/service/s/sync', 'who confirms', 11), Key('/service/s/config', 'settings', 12)
    return View(key, sync, config, sync_leader, frozenset(standbys), acts, tuple(promises))


both = [promise('db-2'), promise('db-3')]


class TheLeaderKeyGoes(unittest.TestCase):
    table = [
        ('when both replicas have promised', view(promises=both), True),
        ('not with one promise of two: the other replica goes on confirming', view(promises=both[:1]), False),
        ('not without any', view(), False),
        ('not with a promise about an earlier term', view(promises=[both[0], promise('db-3', 9)]), False),
        ('not when nobody leads', view(leader=None, promises=both), False),
        ('not while Patroni is paused', view(acts=False, promises=both), False),
        ('not when the primary confirms alone', view(standbys=[], promises=both), False),
        ('not before the new primary has said who confirms', view(sync_leader='db-3', promises=both), False),
        ('when the only one that confirms has promised, and a majority', view(standbys=['db-2'], promises=both), True),
        ('not by a single vote', view(standbys=['db-2'], promises=both[:1]), False),
        ('not by votes that do not confirm', view(standbys=['db-2', 'db-3', 'db-4'], promises=both), False),
        ('not with a promise of the primary about itself', view(promises=[both[0], promise('db-1')]), False),
    ]

    def test_table(self):
        for title, seen, expected in self.table:
            with self.subTest(title):
                self.assertEqual(may_hand_over(seen, votes), expected)

    def test_one_transaction_that_rests_on_all_it_saw(self):
        seen = view(promises=[*both, promise('db-4', 9)])
        change = hand_over(seen)
        self.assertEqual([key.path.split('/s/')[1] for key in change['unchanged']],
                         ['leader', 'sync', 'config', 'observer/db-2', 'observer/db-3'])
        self.assertEqual((change['put'], change['delete']), (seen.sync, seen.leader))


class ThePromiseEnds(unittest.TestCase):
    table = [
        ('when the primary still leads', view(), 'db-1', False, True),
        ('not while nobody leads', view(leader=None), 'db-1', True, False),
        ('not while another leads, but not PostgreSQL here', view(leader='db-3'), 'db-1', False, False),
        ('when another leads, and PostgreSQL here is free of the former', view(leader='db-3'), 'db-1', True, True),
    ]

    def test_table(self):
        for title, seen, primary, is_free, expected in self.table:
            with self.subTest(title):
                self.assertEqual(may_confirm_again(seen, primary, is_free), expected)


class APrimaryStepsDown(unittest.TestCase):
    table = [
        ('when another holds its office', view(leader='db-2'), True, True, True),
        ('not when it holds the office itself', view(), True, False, False),
        ('not when it is vacant: Patroni may take it back', view(leader=None), True, True, False),
        ('when it is vacant, and Patroni does not answer', view(leader=None), True, False, True),
        ('not while it is only being made', view(leader=None, sync_leader=''), True, False, False),
        ('not while Patroni is paused', view(leader='db-2', acts=False), True, True, False),
        ('not when it is a replica', view(leader='db-2'), False, True, False),
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


class TheVotesAreRead(unittest.TestCase):
    def test_as_patroni_writes_them(self):
        rows = {
            'leader': ('db-1', 10),
            'sync': ('{"leader":"db-1","quorum":1,"sync_standby":"db-2,db-3"}', 11),
            'config': ('{"synchronous_mode":"quorum","ttl":20}', 12),
            'members/db-1': ('{}', 13),
            'observer/db-2': ('{"leader_revision": 10}', 14),
        }
        seen = read_view('/service/s/', [Key(f'/service/s/{name}', *row) for name, row in rows.items()])
        self.assertEqual((seen.sync_leader, sorted(seen.standbys), seen.acts), ('db-1', ['db-2', 'db-3'], True))
        key = Key('/service/s/observer/db-2', '{"leader_revision": 10}', 14)
        self.assertEqual(seen.promises, (Promise('db-2', 10, key),))
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
