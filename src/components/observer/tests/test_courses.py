"""
Courses of events in which each rule of the protocol is what saves a write: run as it is, nothing is lost; with that one
rule taken away, the same course loses it. Most were found by the random courses of test_model.py.
"""
import random
import unittest

import decide
import model_server
from decide import Position, anybody
from model import Tier
from model_server import Lost, Server, folder, write_sync


def begin():
    """Three servers; db-1 leads, and what it wrote so far both others have."""
    tier = Tier(random.Random(1), 3, 1)
    tier.believes_silent = lambda name: True
    one, two, three = tier.servers.values()
    one.settle(), two.settle(), three.settle()
    commit(tier, one, two, three)
    return tier, one, two, three


def commit(tier, primary, *replicas):
    """It writes, those receive all of it if they may, and their confirmations arrive."""
    primary.write()
    for replica in replicas:
        replica.target = primary.name
        replica.connect()
        tier.dice.randint = lambda least, most: most
        replica.receive()
    while tier.underway:
        tier.deliver()


def promise(*servers):
    for server in servers:
        for act in ('observe', 'close', 'measure', 'promise'):
            getattr(server, act)()


def withdraw(server):
    for act in ('observe', 'withdraw', 'look_again', 'open'):
        getattr(server, act)()


def take_key(server):
    for act in ('see', 'compare', 'acquire', 'see', 'prepare', 'check'):
        getattr(server, act)()


def lead(server):
    take_key(server)
    server.establish()
    server.promote()


def change_leader(tier, leader, follower):
    """The key gets free; one of two that promised leads, and the other one follows it."""
    tier.remove('leader')
    promise(leader, follower)
    lead(leader)
    withdraw(follower)
    commit(tier, leader, follower)


def follow_and_lead_again(tier, former, leader, other):
    """A former primary follows, both have all that is written, and it leads once more."""
    former.leads = False
    withdraw(former), withdraw(other)
    commit(tier, leader, former)
    commit(tier, leader, other)
    tier.remove('leader')
    promise(former)
    lead(former)


def one_that_may_confirm_more_is_counted(tier, one, two, three):
    tier.remove('leader')
    promise(two)
    take_key(two)
    commit(tier, one, three)
    two.establish()


def the_candidate_is_behind(tier, one, two, three):
    commit(tier, one, three)
    tier.remove('leader')
    promise(two, three)
    lead(two)


def a_longer_log_of_an_earlier_timeline(tier, one, two, three):
    one.write(), one.write(), one.write()
    change_leader(tier, two, three)
    tier.remove('leader')
    one.leads = False
    promise(one, three)
    lead(one)


def two_timelines_of_one_number(tier, one, two, three):
    """As with five servers: the second to lead never heard of the first, whose replica has more of a lost history."""
    tier.remove('leader')
    promise(two, three)
    lead(two)
    two.write(), two.write()
    tier.remove('leader')
    two.crash()
    one.leads = False
    promise(one, three)
    lead(one)
    tier.remove('leader')
    if one.leads:
        withdraw(three)
        tier.put('leader', 'db-1')
        withdraw(three)
        commit(tier, one, three)
        tier.remove('leader')
        promise(three, two)
        lead(two)


def the_key_was_lost_meanwhile(tier, one, two, three):
    tier.remove('leader')
    promise(two, three)
    take_key(two)
    tier.remove('leader')
    one.see(), one.acquire()
    withdraw(three)
    commit(tier, one, three)
    two.establish()


def the_former_primary_needs_nobody_any_more(tier, one, two, three, late=False):
    one.plan = [('sync', set(), 0, tier.keys[folder + 'sync'].revision), ('postgres', set(), 0)]
    one.seen = tier.view()
    tier.remove('leader')
    promise(two, three)
    take_key(two)
    if late:
        two.establish()
    one.adjust()
    if one.plan:
        one.seen = tier.view()
        one.adjust()
    one.write()
    two.establish()


def it_says_so_late(tier, one, two, three):
    the_former_primary_needs_nobody_any_more(tier, one, two, three, late=True)


def the_holder_is_promoted_after_it_promised(tier, one, two, three):
    tier.remove('leader')
    promise(two, three)
    take_key(two)
    two.establish()
    tier.remove('leader')
    promise(two)
    two.promote()
    two.see(), two.acquire()
    follow_and_lead_again(tier, one, two, three)


def who_confirms_was_changed_since_patroni_read_it(tier, one, two, three):
    tier.remove('leader')
    promise(two, three)
    two.see(), two.compare(), two.acquire(), two.see(), two.prepare()
    tier.put('sync', write_sync('db-1', {'db-2'}, 0))  # as the former primary may, bound to what it read
    two.check()
    two.establish()
    two.promote()
    if two.leads:
        follow_and_lead_again(tier, one, two, three)


def a_former_primary_takes_the_key_back(tier, one, two, three):
    change_leader(tier, two, three)
    tier.remove('leader')
    one.see(), one.acquire()
    withdraw(three)
    commit(tier, one, three)


def its_request_is_carried_out_late(tier, one, two, three):
    one.names, one.enough = {'db-2'}, 1
    tier.put('sync', write_sync('db-1', set(), 0))
    tier.dice.random = lambda: 0
    one.change_sync(tier.keys[folder + 'sync'].revision, write_sync('db-1', {'db-2'}, 0))
    one.see()
    if not one.seen.standbys:
        one.names, one.enough = set(), 0  # Case 2 of QuorumStateResolver: nobody is there that confirms
    for request in tier.late:
        tier.transact(request)
    one.write()
    tier.remove('leader')
    promise(two)
    lead(two)


def it_is_in_office_again_without_a_term(tier, one, two, three):
    change_leader(tier, two, three)
    tier.remove('leader')
    one.see(), one.acquire(), one.see()
    if one.change_sync(one.seen.sync.revision, write_sync('db-1', set(), 0)):
        one.names, one.enough = set(), 0
    one.write()


def a_holder_follows_the_one_before_it(tier, one, two, three):
    tier.remove('leader')
    promise(three)
    lead(two)
    withdraw(three)
    commit(tier, two, three)
    tier.remove('leader')
    one.see(), one.acquire()
    two.see(), two.demote(), two.connect(), two.receive()
    tier.remove('leader')
    lead(two)


def it_goes_on_receiving(tier, one, two, three):
    promise(three)
    commit(tier, one, three)
    tier.remove('leader')
    promise(two)
    lead(two)


def it_takes_a_promise_back(tier, one, two, three):
    promise(three)
    three.look = tier.view()
    withdraw(three)
    commit(tier, one, three)
    tier.remove('leader')
    promise(two)
    lead(two)


def a_promise_comes_late(tier, one, two, three):
    for act in ('observe', 'close', 'measure'):
        getattr(three, act)()
    (view, silent), position = three.closing, three.position
    three.forget_observer()
    withdraw(three)
    commit(tier, one, three)
    three.write_promise(view, decide.write_promise(silent, position))
    tier.remove('leader')
    promise(two)
    lead(two)


def it_starts_again_while_its_promise_stands(tier, one, two, three):
    promise(three)
    three.crash()
    commit(tier, one, three)
    tier.remove('leader')
    promise(two)
    lead(two)


right = {name: getattr(decide, name) for name in ('check_candidate', 'establish', 'may_receive_from')}


def checked(**changes):
    def check(view, name, position):
        return right['check_candidate'](*(changes['by'](view, name, position)))
    return decide, 'check_candidate', check


def everybody(view):
    """As Patroni compares: whoever answers, with what it has at the moment."""
    return tuple(decide.Promise(name, 0, Position(0, 0), key) for name, key in view.observers.items())


def on_one_timeline(view, timeline):
    return tuple(one._replace(position=one.position._replace(timeline=timeline)) for one in view.promises)


def of_its_timeline(view):
    return tuple(one._replace(position=Position(view.timeline, 0)) if one.name == view.holder else one
                 for one in view.promises)


def established(part, ending):
    def establish(view, name, timeline):
        change = right['establish'](view, name, timeline)
        return {**change, part: [key for key in change[part] if not key.path.endswith(ending or name)]}
    return decide, 'establish', establish


def with_its_own(view, name):
    return view.promises + (decide.Promise(name, 0, Position(0, 0), view.leader),)


def leaves_it_open(server):
    server.closing, server.position = (server.look, 0), server.current()


of_any_server = (model_server, 'bind_sync', lambda name, sync, established: [sync])

table = [
    ('only promises that stand are counted', one_that_may_confirm_more_is_counted,
     checked(by=lambda view, name, position: (view._replace(promises=everybody(view)), name, position))),
    ('the candidate has all that was promised', the_candidate_is_behind,
     checked(by=lambda view, name, position: (view, name, position._replace(lsn=10 ** 9)))),
    ('so many that every commit has a witness', one_that_may_confirm_more_is_counted,
     checked(by=lambda view, name, position: (view._replace(quorum=view.quorum - 1), name, position))),
    ('a later timeline comes first', a_longer_log_of_an_earlier_timeline, checked(by=lambda view, name, position: (
        view._replace(promises=on_one_timeline(view, 1), timeline=1), name, position))),
    ('the candidate has followed who led last', two_timelines_of_one_number,
     checked(by=lambda view, name, position: (view._replace(timeline=0), name, position))),
    ('it holds the leader key as it did', the_key_was_lost_meanwhile, established('unchanged', '/leader')),
    ('who confirms was not changed meanwhile', the_former_primary_needs_nobody_any_more,
     established('unchanged', '/sync')),
    ('a former primary that is late does not change who confirms', it_says_so_late, of_any_server),
    ('a former primary in office does not change who confirms', it_is_in_office_again_without_a_term, of_any_server),
    ('Patroni looks once its own requests can be carried out no more', its_request_is_carried_out_late,
     (Server, 'settle', lambda self: None)),
    ('the candidate receives from nobody', a_holder_follows_the_one_before_it, checked(by=lambda view, name, position: (
        view._replace(promises=with_its_own(view, name)), name, position))),
    # It implies that a promise from before a server led, which ends as it is established, would not be counted either.
    ('a holder that may still be promoted is not counted', the_holder_is_promoted_after_it_promised,
     checked(by=lambda view, name, position: (view._replace(promises=of_its_timeline(view)), name, position))),
    ('what is waited for agrees with who confirms', who_confirms_was_changed_since_patroni_read_it,
     (decide, 'waits_for_witnesses', lambda view, name, awaited: True)),
    ('received is only from who established its term', a_former_primary_takes_the_key_back,
     (decide, 'may_receive_from', lambda view: view.leader.value if view.leader else decide.nobody)),
    ('the promise is kept before it is given', it_goes_on_receiving, (Server, 'close', leaves_it_open)),
    ('the promise goes before it ends', it_takes_a_promise_back,
     (Server, 'withdraw', lambda self: setattr(self, 'opening', 'look'))),
    ('a promise is bound to what was there when it was decided', a_promise_comes_late,
     (Server, 'write_promise', lambda self, view, value: self.tier.put(f'observer/{self.name}', value) or True)),
    ('a server that starts receives from nobody', it_starts_again_while_its_promise_stands,
     (Server, 'crash', lambda self: self.forget() or setattr(self, 'fence', anybody))),
]


class EachRuleIsNeeded(unittest.TestCase):
    def test_nothing_is_lost_with_it(self):
        for title, course, _ in table:
            with self.subTest(title):
                course(*begin())

    def test_a_write_is_lost_without_it(self):
        for title, course, (where, name, wrong) in table:
            with self.subTest(title):
                whole = getattr(where, name)
                setattr(where, name, wrong)
                try:
                    with self.assertRaises(Lost):
                        course(*begin())
                finally:
                    setattr(where, name, whole)


if __name__ == '__main__':
    unittest.main()
