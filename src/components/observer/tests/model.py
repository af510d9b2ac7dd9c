"""
A tier in miniature in which everything that can go slow does: every server's Patroni, observer and pre_promote script
act on what they saw long ago, messages wait, servers crash, leases end at any moment (as if every clock were wrong), the
tier grows and shrinks. All decisions are the observer's own. A server that has established its term without a write that
was acknowledged raises Lost.
"""
import decide
from decide import Key
from etcd import read_view
from model_server import Lost, Server, folder, write_sync


class Tier:
    """etcd, the network, and the servers."""

    def __init__(self, dice, servers, confirmations):
        self.dice, self.confirmations, self.number = dice, confirmations, 0
        self.revision, self.keys, self.known, self.underway, self.acknowledged, self.established = 10, {}, None, [], [], 0
        self.late = []
        names = [f'db-{number + 1}' for number in range(servers)]
        self.servers = {name: Server(self, name) for name in names}
        self.members = names
        first, rest = self.servers['db-1'], set(names[1:])
        first.lead(1)
        first.names, first.enough = rest, confirmations
        self.put('leader', 'db-1')
        self.put('config', '{"synchronous_mode": "quorum"}')
        self.put('sync', write_sync('db-1', rest, len(rest) - confirmations))
        self.put('established', decide.write_term('db-1', self.keys[folder + 'leader'].revision, 1))
        for name in names:
            self.put(f'observer/{name}', '{}')
        for name in rest:
            self.servers[name].fence = self.servers[name].follows = 'db-1'

    def put(self, name, value):
        self.revision += 1
        self.known, self.keys[folder + name] = None, Key(folder + name, value, self.revision)

    def view(self):
        if self.known is None:
            self.known = read_view(folder, list(self.keys.values()))
        return self.known

    def remove(self, name):
        self.keys.pop(folder + name, None)
        self.known = None

    def transact(self, change):
        present = {path: key.revision for path, key in self.keys.items()}
        if any(key is not None and present.get(key.path, 0) != key.revision for key in change['unchanged']):
            return False
        self.revision += 1
        self.known = None
        for key in change['put']:
            self.keys[key.path] = key._replace(revision=self.revision)
        for path in change['delete']:
            self.keys.pop(path, None)
        return True

    def step(self):
        draw = self.dice.random()
        if draw < 0.2:
            self.deliver()
        elif draw < 0.204:
            self.remove('leader')  # its lease ended, whatever the clocks say
        elif draw < 0.21:
            self.scale()
        else:
            self.dice.choice(list(self.servers.values())).go_on()

    def deliver(self):
        """A confirmation arrives, however late; enough of them acknowledge a write. Or a request whose answer nobody awaits."""
        if self.late and self.dice.random() < 0.1:
            self.transact(self.late.pop(self.dice.randrange(len(self.late))))
        if self.underway:
            primary, reign, name, length = self.underway.pop(self.dice.randrange(len(self.underway)))
            if primary.leads and primary.reign == reign:
                primary.confirmed[name] = max(length, primary.confirmed.get(name, 0))
                primary.acknowledge()

    def scale(self):
        """Between as many servers as there were and one more; a server that leaves comes back with an empty disk."""
        last = list(self.servers.values())[-1]
        if len(self.servers) == len(self.members):
            name = f'db-{len(self.servers) + 1}'
            self.servers[name] = Server(self, name)
        else:
            view = self.view()
            members = view.standbys | {view.sync_leader, view.holder, view.leader.value if view.leader else ''}
            if last.name not in members and not any(last.name in one.names for one in self.servers.values()):
                del self.servers[last.name]
                self.remove(f'observer/{last.name}')
                # What it confirmed goes with its walsender: syncrep.c, SyncRepGetCandidateStandbys, asks those that run. Its
                # slot lets the next server of that name connect only then.
                self.underway = [one for one in self.underway if one[2] != last.name]
                for server in self.servers.values():
                    server.confirmed.pop(last.name, None)

    def believes_silent(self, name):
        lives = name in self.servers and self.servers[name].leads
        return self.dice.random() < (0.03 if lives else 0.9)

    def check(self, server, what):
        if server.log[:len(self.acknowledged)] != self.acknowledged:
            raise Lost(f'{what}: {server.name} has {server.log}, acknowledged was {self.acknowledged}')
