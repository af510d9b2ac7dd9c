"""
A tier in miniature, with everything that can go slow going slow: messages wait, observers act on what they saw long
ago, the primary lives on and is never told. Thousands of random courses, all by the observer's own decisions; in none
may a write be acknowledged that a promoted server lacks.
"""
import random
import unittest

import decide
from decide import Key, Promise, View


class Lost(Exception):
    pass


class Tier:
    def __init__(self, dice, replicas, confirmations):
        self.dice, self.confirmations = dice, confirmations
        self.replicas = [Replica(f'db-{number + 2}') for number in range(replicas)]
        self.votes = ['db-1', *(replica.name for replica in self.replicas)]
        self.revision, self.leader, self.written, self.acknowledged = 10, Key('leader', 'db-1', 10), 0, 0
        self.sync, self.config = Key('sync', 'all', 2), Key('config', '', 3)
        self.promises, self.confirmed, self.underway, self.promoted = {}, {}, [], None

    def view(self):
        leader_name = self.leader.value if self.leader else ''
        standbys = frozenset(replica.name for replica in self.replicas)
        return View(self.leader, self.sync, self.config, leader_name, standbys, True, tuple(self.promises.values()))

    def next(self):
        self.revision += 1
        return self.revision

    def step(self):
        replica = self.dice.choice(self.replicas)
        acts = [Tier.write, Tier.deliver, Tier.take_back]
        acts_there = [Replica.receive, Replica.look, Replica.refuse, Replica.stop, Replica.give, Replica.hand_over,
                      Replica.revoke, Replica.allow, Replica.race]
        act = self.dice.choice(acts + acts_there)
        act(self) if act in acts else act(replica, self)

    def write(self):
        self.written += 1

    def deliver(self):
        """A confirmation arrives, however late; enough of them acknowledge a write."""
        if not self.underway:
            return
        name, position = self.underway.pop(self.dice.randrange(len(self.underway)))
        self.confirmed[name] = max(position, self.confirmed.get(name, 0))
        reached = sorted(self.confirmed.values(), reverse=True)
        if len(reached) >= self.confirmations:
            self.acknowledged = max(self.acknowledged, reached[self.confirmations - 1])
        self.check()

    def take_back(self):
        """The former primary finds its office vacant, as Patroni lets it."""
        if self.leader is None and self.dice.random() < 0.1:
            self.leader = Key('leader', 'db-1', self.next())

    def check(self):
        if self.promoted and self.acknowledged > self.promoted.flushed:
            raise Lost(f'{self.acknowledged} was acknowledged, {self.promoted.name} has {self.promoted.flushed}')


class Replica:
    def __init__(self, name):
        self.name, self.flushed, self.refuses, self.receives, self.follows = name, 0, False, True, 'db-1'
        self.seen, self.promised, self.compared = None, None, None

    def receive(self, tier):
        if self.follows == 'db-1' and not self.refuses:
            self.receives = True
        if self.receives and self.follows == 'db-1' and tier.promoted is not self:
            self.flushed = max(self.flushed, tier.dice.randint(self.flushed, tier.written))
            if not self.refuses:
                tier.underway.append((self.name, self.flushed))

    def look(self, tier):
        self.seen = tier.view()
        if tier.promoted and tier.dice.random() < 0.3:
            self.follows = tier.promoted.name

    def refuse(self, tier):
        self.refuses = True

    def stop(self, tier):
        if self.refuses:
            self.receives = False

    def give(self, tier):
        if self.refuses and not self.receives and not self.promised and self.seen and self.seen.leader:
            self.promised = self.seen.leader.revision
            tier.promises[self.name] = Promise(self.name, self.promised, Key(self.name, '', tier.next()))

    def hand_over(self, tier):
        if not self.seen or not decide.may_hand_over(self.seen, tier.votes):
            return
        change = decide.hand_over(self.seen)
        now = [tier.leader, tier.sync, tier.config, *(promise.key for promise in tier.promises.values())]
        if all(key in now for key in change['unchanged']):
            tier.leader, tier.sync = None, tier.sync._replace(revision=tier.next())

    def revoke(self, tier):
        if tier.dice.random() < 0.2:
            tier.promises.pop(self.name, None)
            self.promised = None

    def allow(self, tier):
        is_free = tier.promoted is self or self.follows != 'db-1'
        if self.refuses and not self.promised and decide.may_confirm_again(tier.view(), 'db-1', is_free):
            self.refuses = False

    def race(self, tier):
        """As Patroni does: nobody leads, so many as needed are compared, and then the key is taken."""
        if tier.leader is not None or tier.promoted:
            self.compared = None
            return
        if self.compared is None:
            others = [other for other in tier.replicas if other is not self]
            needed = len(tier.replicas) - tier.confirmations
            asked = tier.dice.sample(others, needed)
            self.compared = (tier.revision, all(other.flushed <= self.flushed for other in asked))
        elif self.compared[0] == tier.revision and self.compared[1]:
            tier.leader, tier.promoted, self.receives = Key('leader', self.name, tier.next()), self, False
            tier.check()
        else:
            self.compared = None


def count_promotions(replicas, confirmations, courses=1000, steps=400):
    promotions = 0
    for seed in range(courses):
        tier = Tier(random.Random(seed), replicas, confirmations)
        for _ in range(steps):
            tier.step()
        promotions += tier.promoted is not None
    return promotions


class NoAcknowledgedWriteIsLost(unittest.TestCase):
    def test_with_two_replicas_of_which_one_confirms(self):
        self.assertGreater(count_promotions(2, 1), 100)

    def test_with_two_confirmations(self):
        self.assertGreater(count_promotions(3, 2), 50)
        self.assertGreater(count_promotions(4, 2, courses=800, steps=900), 20)


class TheModelFindsWhatIsWrong(unittest.TestCase):
    """Each of these rules looks right at a glance; without them the same courses lose writes."""

    def lose_with(self, name, wrong, replicas, confirmations, **more):
        right = getattr(decide, name)
        setattr(decide, name, wrong)
        try:
            with self.assertRaises(Lost):
                count_promotions(replicas, confirmations, **more)
        finally:
            setattr(decide, name, right)

    def test_a_majority_of_votes_alone_is_not_enough(self):
        def majority(view, votes):
            return view.leader is not None and len(decide.valid_promises(view)) > len(votes) // 2
        self.lose_with('may_hand_over', majority, 4, 1)

    def test_nor_that_a_commit_finds_too_few_that_confirm(self):
        def too_few_left(view, votes):
            if view.leader is None:
                return False
            promised = {promise.name for promise in decide.valid_promises(view)}
            return len(view.standbys - promised) < 2 and len(promised) > len(votes) // 2
        self.lose_with('may_hand_over', too_few_left, 4, 2, courses=3000, steps=900)

    def test_a_promise_does_not_end_because_another_leads(self):
        def another_leads(view, primary, is_free):
            return view.leader is not None
        self.lose_with('may_confirm_again', another_leads, 2, 1)

    def test_nor_because_its_time_is_over(self):
        self.lose_with('may_confirm_again', lambda view, primary, is_free: True, 2, 1)


if __name__ == '__main__':
    unittest.main()
