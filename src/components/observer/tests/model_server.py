"""A server of the model: see model.py."""
import decide
from decide import Awaited, Key, Position, anybody, nobody
from terms import bind_sync

folder = '/service/s/'


class Lost(Exception):
    pass


class Server:
    """PostgreSQL, its Patroni, its observer, and the script that Patroni runs before it promotes."""

    def __init__(self, tier, name):
        self.tier, self.name, self.log = tier, name, []
        self.leads, self.reign, self.confirmed, self.names, self.enough = False, 0, {}, set(), 0
        self.fence, self.at = nobody, [0, 0, 0]
        self.forget()

    def forget(self):
        """What a crash of the server takes away: everything but the disk."""
        self.leads, self.follows, self.target, self.changed_at, self.attempt = False, None, None, 0, None
        self.forget_patroni()
        self.forget_observer()

    def forget_patroni(self):
        self.seen, self.compared, self.holds, self.plan = None, False, False, None
        self.prepared, self.cleared, self.unsettled = None, False, True

    def forget_observer(self):
        self.look, self.closing, self.position, self.opening = None, None, None, None

    def go_on(self):
        """One of its processes goes on from where it was, for as long as it is not interrupted."""
        dice = self.tier.dice
        if dice.random() < 0.01:
            return dice.choice([self.crash, self.crash_observer, self.forget_patroni])()
        number = dice.randrange(len(processes))
        process, at = processes[number], self.at[number]
        while True:
            getattr(self, process[at])()
            at = (at + 1) % len(process)
            if dice.random() < 0.3:
                break
        self.at[number] = at

    def lead(self, timeline):
        self.leads, self.timeline, self.confirmed = True, timeline, {}
        self.follows = self.target = None  # Postgresql.follow of Patroni 4.0.7 writes primary_conninfo anew before each start
        self.reign += 1

    def current(self):
        return Position(self.log[-1][0] if self.log else 0, len(self.log))

    # PostgreSQL

    def write(self):
        if self.leads:
            self.tier.number += 1
            self.log.append((self.timeline, self.tier.number))
            if self.enough == 0:
                self.acknowledge()

    def acknowledge(self):
        reached = sorted((self.confirmed.get(name, 0) for name in self.names), reverse=True)
        length = len(self.log) if self.enough == 0 else reached[self.enough - 1] if len(reached) >= self.enough else 0
        known = self.tier.acknowledged
        if self.log[:min(length, len(known))] != known[:length]:
            raise Lost(f'{self.name} acknowledges {self.log[:length]} beside {known}')
        if length > len(known):
            self.tier.acknowledged = self.log[:length]
            holder = self.tier.servers[self.tier.view().holder]
            self.tier.check(holder, f'{self.name} acknowledged {length}')

    def connect(self):
        if self.target and not self.leads and self.fence in (anybody, self.target):
            self.follows = self.target

    def receive(self):
        """By the connection that it has, or that it may make; first it withdraws what its primary does not have."""
        other = self.tier.servers.get(self.follows)
        if self.leads or other is None or other is self or self.fence not in (anybody, self.follows):
            return
        same = 0
        while same < len(self.log) and same < len(other.log) and self.log[same] == other.log[same]:
            same += 1
        more = len(other.log) if not self.log else self.tier.dice.randint(same, len(other.log))
        if same < len(self.log) and not other.leads:
            return
        self.log = other.log[:max(same, more)]
        if other.leads:
            self.tier.underway.append((other, other.reign, self.name, len(self.log)))

    # Patroni

    def settle(self):
        """Before it looks, whatever it, or an earlier run of it, has asked for is carried out or can be no more."""
        sync = self.tier.keys.get(folder + 'sync')
        if self.unsettled and sync:
            self.tier.put('sync', sync.value)
        self.unsettled = False

    def see(self):
        self.settle()
        self.seen = self.tier.view()
        leader = self.seen.leader.value if self.seen.leader else None
        if leader != self.name:
            self.target = leader or self.target

    def demote(self):
        if self.leads and self.seen and self.seen.leader and self.seen.leader.value != self.name:
            self.leads = False

    def compare(self):
        """Ha.is_healthiest_node of 4.0.7, only while its view has no leader key; who is ahead is not looked at here."""
        self.compared = self.compared or bool(self.seen and self.seen.leader is None and self.log)

    def acquire(self):
        """Etcd3._do_attempt_to_acquire_leader: put(leader) if create_revision == 0. Bound to nothing else."""
        may = self.compared or (self.leads and self.seen and self.seen.leader is None)
        if may and folder + 'leader' not in self.tier.keys:
            self.tier.put('leader', self.name)
            self.holds, self.compared, self.attempt, self.cleared, self.prepared = True, False, None, False, None

    def renew(self):
        """
        Etcd3._update_leader: who believes that it holds the key puts it anew with a new lease, or creates it where it is gone.
        What it was about goes on.
        """
        believes = self.seen and self.seen.leader and self.seen.leader.value == self.name
        if believes and self.tier.dice.random() < 0.3:
            leader = self.tier.keys.get(folder + 'leader')
            if leader is None or leader.value == self.name:
                self.tier.put('leader', self.name)
                self.holds = True

    def prepare(self):
        """
        Ha.process_sync_replication_prepromote: what the new primary will wait for, from a view that may be older than its
        own leader key: PatroniEtcd3Client.call_rpc of 4.0.7 puts what it wrote into the cache, ahead of the watch.
        """
        if self.holds and self.seen and not self.leads and not self.cleared:
            members = self.seen.standbys | {self.seen.sync_leader}
            enough = len(members) - self.seen.quorum - 1 + (self.name not in members)
            self.prepared, self.attempt = (members - {self.name}, enough), None
            self.plan = None  # Patroni is one thread: what it was about as a primary has ended

    def promote(self):
        """However long after the script let it."""
        if self.cleared and not self.leads:
            self.cleared = False
            self.names, self.enough = self.prepared
            self.lead(self.current().timeline + 1)
            self.write()

    def adjust(self):
        """
        Ha._process_quorum_replication: who confirms is changed in PostgreSQL and in /sync in such an order that
        always quorum + numsync >= the servers named in either.
        """
        dice = self.tier.dice
        if not self.leads or not self.seen or not self.seen.sync:
            return
        if self.plan is None:
            view = self.seen
            others = [name for name in self.tier.servers if name != self.name]
            voters = view.standbys if view.sync_leader == self.name else view.standbys | {view.sync_leader}
            wanted = set(others) if dice.random() < 0.7 else set(dice.sample(others, dice.randint(0, len(others))))
            enough = min(self.tier.confirmations, len(wanted))
            quorum = len(wanted) - enough
            if view.sync_leader != self.name:
                wanted, enough, quorum = set(self.names), self.enough, len(self.names) - self.enough
            there = ('postgres', wanted, enough)
            here = ('sync', wanted, quorum, view.sync.revision)
            if view.quorum + enough >= len((set(voters) | wanted) - {self.name}) and view.sync_leader == self.name:
                self.plan = [there, here]
            elif quorum + self.enough >= len(wanted | self.names):
                self.plan = [here, there]
            return
        kind, names, figure, *revision = self.plan.pop(0)
        if kind == 'postgres':
            self.names, self.enough, self.changed_at = names, figure, len(self.log)
            self.acknowledge()
        elif sum(self.confirmed.get(name, 0) >= self.changed_at for name in names) < len(names) - figure:
            self.plan = [(kind, names, figure, *revision), *self.plan]  # who is new there has not all of it yet
        elif self.change_sync(revision[0], write_sync(self.name, names, figure)):
            self.seen = None
        else:
            self.plan = self.seen = None
        self.plan = self.plan or None

    def change_sync(self, revision, value):
        """Etcd3.set_sync_state_value: bound to the revision that it read, as ever; and, by ours, to the term."""
        sync = Key(folder + 'sync', '', revision)
        established = self.tier.view().established or Key(folder + 'established', '', 0)
        unchanged = bind_sync(self.name, sync, established)
        if unchanged is None:
            return False
        change = {'unchanged': unchanged, 'put': [sync._replace(value=value)], 'delete': []}
        if self.tier.dice.random() < 0.1:
            self.tier.late.append(change)  # no answer came: for Patroni it failed
            self.unsettled = True
            return False
        return self.tier.transact(change)

    def release(self):
        leader = self.tier.keys.get(folder + 'leader')
        if self.holds and not self.leads and not self.cleared and leader and leader.value == self.name \
                and self.tier.dice.random() < 0.2:
            self.tier.remove('leader')
            self.holds = False

    # Before it promotes: establish.py

    def check(self):
        if self.holds and self.prepared and not self.leads and self.attempt is None and not self.cleared:
            view = self.tier.view()
            names, enough = self.prepared
            if decide.check_candidate(view, self.name, self.current())[0] == 'yes' \
                    and decide.waits_for_witnesses(view, self.name, Awaited(frozenset(names), enough)):
                self.attempt = view

    def establish(self):
        if self.attempt is None:
            return
        view, self.attempt = self.attempt, None
        if self.tier.transact(decide.establish(view, self.name, self.current().timeline + 1)):
            self.cleared = self.prepared is not None  # Patroni may be gone that asked for it
            self.tier.established += 1
            self.tier.check(self, f'{self.name} established its term')

    # The observer

    def observe(self):
        self.look = self.tier.view()

    def close(self):
        """First the promise is kept …"""
        view = self.look
        if view is None or self.closing or not decide.may_promise(view, self.name):
            return
        silent = view.leader is not None and self.tier.believes_silent(view.leader.value)
        if silent or decide.may_receive_from(view) == nobody:
            self.fence = nobody
            self.closing, self.position = (view, view.leader.revision if silent else 0), None

    def measure(self):
        if self.closing and self.fence == nobody and not self.leads:
            self.follows = None
            self.position = self.current()

    def promise(self):
        """… then it is given, unless its key was changed since it was decided."""
        if self.closing and self.position:
            (view, silent), position = self.closing, self.position
            self.closing, self.position, self.look = None, None, None
            self.write_promise(view, decide.write_promise(silent, position))

    def write_promise(self, view, value):
        path = f'{folder}observer/{self.name}'
        was = view.observers.get(self.name) or Key(path, '', 0)
        return self.tier.transact({'unchanged': [was], 'put': [was._replace(value=value)], 'delete': []})

    def withdraw(self):
        """First the key goes …"""
        wants = self.look and (decide.may_receive_from(self.look) != nobody or self.tier.dice.random() < 0.05)
        if wants and not self.closing and self.write_promise(self.look, '{}'):
            self.opening, self.look = 'look', None

    def look_again(self):
        if self.opening == 'look':
            self.opening = self.tier.view()

    def open(self):
        """… then it ends."""
        if self.opening is not None and self.opening != 'look':
            self.fence, self.opening = decide.may_receive_from(self.opening), None

    def revoke(self):
        if self.look and decide.may_revoke(self.look, self.tier.members):
            self.tier.transact(decide.revoke(self.look))

    def step_down(self):
        if self.look and decide.must_step_down(self.look, self.name, self.leads, True):
            self.leads = False

    # What happens to it

    def crash(self):
        self.forget()
        self.fence = nobody

    def crash_observer(self):
        self.forget_observer()


processes = [
    'write connect receive receive'.split(),
    'see demote compare acquire renew prepare check establish promote adjust release'.split(),
    'observe step_down close measure promise observe revoke withdraw look_again open'.split(),
]


def write_sync(leader, standbys, quorum):
    return '{"leader": "%s", "quorum": %d, "sync_standby": "%s"}' % (leader, quorum, ','.join(sorted(standbys)))
