"""
Lets PostgreSQL here receive only from the server that has established in etcd that it leads. It also watches the primary's server.
When that has been silent for the deadline, this server stops receiving, writes a promise of that to etcd, and revokes the leader
key once all servers that could confirm have promised. Patroni does the rest. Safety rests on etcd's revisions and on kept
promises; clocks only decide when to try. Why it cannot lose a write: docs/decisions/fast-failover.md
"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

import establish
from decide import (Key, Silence, adopt, anybody, find_reason_to_stand_still, may_adopt, may_promise, may_receive_from,
                    may_revoke, must_step_down, nobody, revoke, write_promise)
from postgres import NoPostgres, Postgres, list_rules
from requests import Requests
from signs import Signs, answers
from etcd import Etcd

settings = json.loads(pathlib.Path(sys.argv[1]).read_text())
shown = pathlib.Path(os.environ['RUNTIME_DIRECTORY'], 'state.json')
requests = pathlib.Path(os.environ['RUNTIME_DIRECTORY'], 'requests')


class Observer:
    def __init__(self):
        self.name, self.servers = settings['name'], settings['servers']
        self.others = {address for name, address in self.servers.items() if name != self.name}
        self.etcd = Etcd(self.others, settings['etcdPort'], settings['scope'],
                           settings['caller'])
        self.key = f'{self.etcd.folder}observer/{self.name}'
        self.postgres = Postgres(**settings['postgres']) if settings['postgres'] else NoPostgres()
        self.signs = Signs({self.servers[name]: ports for name, ports in settings['askedPorts'].items()})
        self.requests = None
        self.silence = Silence(time.monotonic())
        self.view, self.viewed, self.checked, self.watched, self.slept = None, 0, 0, None, False
        self.receives_from, self.suspected, self.message = None, None, None
        # The term of the primary that was found silent, how long that counts, and the address that is refused.
        self.silent, self.until, self.refused, self.is_busy = 0, 0, None, False

    def resume(self):
        """
        The state is in the kernel and in etcd, so nothing is read from disk. After a reboot the kernel has no rules: then, before
        PostgreSQL may start, receiving is refused from all servers, until etcd says from which one it is allowed.
        """
        if settings['postgres'] and list_rules() is None:
            self.restrict(nobody)
        if settings['postgres']:
            self.requests = Requests(requests)
            self.signs.wake_for(self.requests.listener)

    def turn(self):
        heard, overslept = self.signs.wait(0.1 if self.is_busy else settings['intervalSeconds'])
        if self.requests:
            self.requests.answer(lambda: establish.attempt(self.name, self.etcd, self.postgres))
        now = time.monotonic()
        self.slept = self.slept or overslept
        if self.is_busy or self.slept or now - self.viewed >= 0.3:
            self.look(now)
        self.watch(heard, overslept, now)
        if self.view:
            self.keep(now)

    def look(self, now):
        """Reads from the nearest etcd member; an old state only delays a decision. After a sleep, that member may have slept, too."""
        self.viewed = now
        try:
            self.view = self.etcd.view(may_be_old=not (self.slept or self.is_busy))
        except OSError:
            return
        self.slept = False
        if self.must_step_down(self.view, self.postgres.looks_like_primary()):
            self.step_down()
        if may_adopt(self.view, self.name, self.postgres.looks_like_primary()):
            self.adopt()

    # Silence

    def watch(self, heard, overslept, now):
        leader = self.view.leader.value if self.view and self.view.leader else None
        leads = leader == self.name
        watched = self.others if leads else {self.servers[leader]} if leader in self.servers else set()
        if heard & watched or overslept or watched != self.watched:
            self.hear(now)
        self.watched = watched
        self.signs.ask(watched)
        self.silence.ask()
        if not watched or settings['failover'] == 'patient' or self.silent:
            return
        if leads and self.silence.lasts(settings['standAsideSeconds'], now):
            self.stand_aside()
        if not leads and not self.suspected and self.silence.lasts(settings['suspectSeconds'], now):
            self.suspect(self.servers[leader])
        if not leads and self.silence.lasts(settings['deadlineSeconds'], now):
            self.find_silent(leader, now)

    def hear(self, now):
        self.silence.restart(now)
        self.suspected, self.message, self.silent = None, None, 0

    def suspect(self, address):
        self.suspected, self.message = address, self.postgres.last_message(address)
        if self.receives_from is not None:
            self.restrict(self.receives_from, suspected=address)

    def find_silent(self, primary, now):
        """
        Nothing on the primary's server answers. A full connection queue looks the same, but existing connections go on then: so a
        new message of its walsender is a sign of life, too.
        """
        message = self.postgres.last_message(self.servers[primary])
        if message and message != self.message:
            say_once(f'{primary} takes no connections, but what it writes arrives')
            return self.hear(time.monotonic())
        view = self.etcd.view()
        reason = find_reason_to_stand_still(view)
        if reason or view.leader.value != primary:
            say_once(f'{primary} is silent, and is left to Patroni: {reason or "another leads"}')
            return self.silence.restart(time.monotonic())
        self.view, self.silent, self.refused = view, view.leader.revision, self.servers[primary]
        self.until = now + settings['promiseSeconds']

    def still_silent(self, now):
        if self.silent and (self.view.leader is None or self.view.leader.revision != self.silent or now >= self.until):
            self.hear(now)
        return bool(self.silent)

    # From which server it receives, and what it promises

    def keep(self, now):
        leader = self.view.leader.value if self.view.leader else None
        wanted = nobody if self.still_silent(now) else may_receive_from(self.view)
        promised = next((one for one in self.view.promises if one.name == self.name), None)
        reason = find_reason_to_stand_still(self.view)
        if settings['failover'] == 'patient':
            reason = reason or "'patient' waits until its lease has ended"
        show(watches=leader, promised=promised is not None, silent=bool(self.silent), standsStill=reason)
        self.is_busy = wanted == nobody
        if wanted == nobody and promised and promised.silent == self.silent and self.is_restricted():
            self.try_to_revoke()
        elif wanted == nobody:
            self.promise()
        elif promised or self.receives_from != wanted or self.name not in self.view.observers:
            self.receive()
        elif now - self.checked >= 1:
            self.checked = now
            self.is_restricted()

    def promise(self):
        """Stops receiving first, then writes the promise. The decision is checked again with the present state of etcd."""
        view = self.etcd.view()
        if self.silent and (view.leader is None or view.leader.revision != self.silent):
            return
        if not may_promise(view, self.name) or not self.silent and may_receive_from(view) != nobody:
            return
        self.receives_from = nobody
        self.restrict(nobody, silent=self.refused)
        if not self.postgres.stop_receiver():
            return say_once('what receives from the primary does not end, so nothing is promised')
        position = self.postgres.position()
        if position and self.is_restricted() and self.write(view, write_promise(self.silent, position)) and self.silent:
            say(f'{view.leader.value} has been silent for {settings["deadlineSeconds"]} s; receives nothing from it any more')

    def receive(self):
        """Deletes the promise first, then allows receiving; etcd is read once more in between."""
        view = self.etcd.view()
        if any(one.name == self.name for one in view.promises) or self.name not in view.observers:
            if not self.write(view, '{}'):
                return
            view = self.etcd.view()
        receives_from = may_receive_from(view)
        if receives_from == nobody:
            return
        self.restrict(receives_from)
        if self.receives_from != receives_from and receives_from != anybody:
            say(f'receives from {receives_from}' if receives_from != self.name else 'leads')
        self.receives_from, self.refused, self.view, self.suspected = receives_from, None, view, None

    def restrict(self, receives_from, **more):
        """Restricts by address; a holder that is unknown here counts as nobody."""
        address = receives_from if receives_from == anybody else self.servers.get(receives_from, nobody)
        self.postgres.restrict(address, self.others, **more)

    def write(self, view, value):
        """Replaces only the value of the decision: a late write, also of an earlier run of this program, fails."""
        was = view.observers.get(self.name) or Key(self.key, '', 0)
        return self.etcd.transact({'unchanged': [was], 'put': [was._replace(value=value)], 'delete': []})

    def is_restricted(self):
        """Others may empty the kernel's rules. Then the rules are restored, and a promise from before does not count."""
        if self.postgres.is_restricted():
            return True
        if self.receives_from is not None:
            say('the rules about who may be received from were gone, and are put back')
            self.postgres.put_back()
            self.write(self.etcd.view(), '{}')
        return False

    def try_to_revoke(self):
        if self.silent and may_revoke(self.view, self.servers) and self.etcd.transact(revoke(self.view)):
            say(f'revoked the leader key of {self.view.leader.value}, as all who could confirm its writes have promised')

    # The primary's side

    def adopt(self):
        view = self.etcd.view()
        if not may_adopt(view, self.name, self.postgres.is_primary()):
            return
        # A holder receives from nobody. The rule comes first, so that it holds even if this program then stands still.
        self.restrict(self.name)
        if self.etcd.transact(adopt(view, self.name, self.postgres.newest_timeline())):
            say('is entered as the server that leads')

    def must_step_down(self, view, is_primary):
        is_looked_after = view.leader is not None or not is_primary or \
            answers(self.servers[self.name], settings['patroniPort'])
        return must_step_down(view, self.name, is_primary, is_looked_after)

    def stand_aside(self):
        """A primary that hears none of the others and finds no majority ends before another server can be promoted."""
        self.silence.restart(time.monotonic())
        if find_reason_to_stand_still(self.view) or not self.postgres.is_primary():
            return
        try:
            self.etcd.view(only_here=True)
        except OSError:
            say('hears none of the other database servers and finds no quorum: ends PostgreSQL')
            self.postgres.end()

    def step_down(self):
        view = self.etcd.view()
        if self.must_step_down(view, self.postgres.is_primary()):
            if view.leader is None:
                why = 'nobody holds the leader key, and Patroni does not answer'
            else:
                why = f'{view.holder if view.leader.value == self.name else view.leader.value} leads'
            say(f'is a primary although {why}: ends PostgreSQL')
            self.postgres.end()

    def pre_remove(self):
        """Called when this server is removed: ends its promise and all restrictions."""
        own = self.etcd.view().observers.get(self.name)
        if own:
            self.etcd.transact({'unchanged': [own], 'put': [], 'delete': [own.path]})
        if settings['postgres']:
            self.restrict(anybody)


def show(**state):
    """For trimaran status."""
    text = json.dumps(state)
    if not shown.exists() or shown.read_text() != text:
        shown.write_text(text)


def say(text):
    print(text, flush=True)


said_before = []


def say_once(text):
    if said_before != [text]:
        say(text)
    said_before[:] = [text]


def tell_systemd(text):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(text.encode(), os.environ['NOTIFY_SOCKET'])


def main():
    observer = Observer()
    if sys.argv[2:] == ['pre-remove']:
        return observer.pre_remove()
    observer.resume()
    tell_systemd('READY=1')
    while True:
        try:
            observer.turn()
        except (OSError, ValueError, subprocess.SubprocessError) as problem:
            say_once(f'tries again: {problem}')
        tell_systemd('WATCHDOG=1')


main()
