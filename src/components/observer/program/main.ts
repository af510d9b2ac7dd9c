/** The program itself: it watches, promises, gives up the leader key, and takes promises back. */
export const mainProgram = String.raw`"""
Watches the primary's server. When it has been silent for the deadline, this server promises the votes not to confirm
anything to it any more, keeps that promise first, and gives up the leader key on its behalf once all who could confirm
have promised. Patroni does the rest. Safety rests on etcd's revisions and on promises that hold; clocks decide only
when to try. Why it cannot lose a write: docs/decisions/fast-failover.md
"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

from decide import (Silence, find_reason_to_stand_still, hand_over, may_confirm_again, may_hand_over, must_step_down)
from postgres import NoPostgres, Postgres
from signs import Signs, answers
from votes import Votes

settings = json.loads(pathlib.Path(sys.argv[1]).read_text())
memory = pathlib.Path(os.environ['STATE_DIRECTORY'], 'promise.json')
shown = pathlib.Path(os.environ['RUNTIME_DIRECTORY'], 'state.json')


class Observer:
    def __init__(self):
        self.name, self.servers = settings['name'], settings['servers']
        self.others = {address for name, address in self.servers.items() if name != self.name}
        self.votes = Votes(self.others, settings['votesPort'], settings['scope'])
        self.postgres = Postgres(**settings['postgres']) if settings['postgres'] else NoPostgres()
        self.signs = Signs(settings['askedPorts'])
        self.silence = Silence(time.monotonic())
        self.view, self.viewed, self.watched, self.promise = None, 0, None, None
        self.slept, self.suspected = False, False

    def resume(self):
        """A promise outlives this process, and the server's reboot: it is kept before PostgreSQL may start."""
        if memory.exists():
            self.promise = {**json.loads(memory.read_text()), 'until': 0}
            self.postgres.refuse(self.servers[self.promise['primary']])
            say(f"goes on keeping the promise made about {self.promise['primary']}")
        else:
            self.postgres.allow()

    def turn(self):
        heard, overslept = self.signs.wait(0.1 if self.promise else settings['intervalSeconds'])
        if self.promise:
            self.keep_promise(heard)
        else:
            self.watch(heard, overslept)

    def watch(self, heard, overslept):
        now = time.monotonic()
        self.slept = self.slept or overslept
        if now - self.viewed >= 0.5 or self.slept:
            self.look(now)
        leader = self.view.leader.value if self.view and self.view.leader else None
        leads = leader == self.name
        watched = self.others if leads else {self.servers[leader]} if leader in self.servers else set()
        if heard & watched or overslept or watched != self.watched:
            self.silence.restart(now)
            if self.suspected:
                self.postgres.allow()
                self.suspected = False
        self.watched = watched
        self.signs.ask(watched)
        self.silence.ask()
        reason = find_reason_to_stand_still(self.view) if self.view else 'the votes do not answer'
        show(watches=leader, standsStill=reason)
        if watched and not leads and not self.suspected and self.silence.lasts(settings['suspectSeconds'], now):
            self.suspected = True
            self.postgres.ask_other_votes(self.servers[leader])
        if watched and leads and self.silence.lasts(settings['standAsideSeconds'], now):
            self.stand_aside()
        if watched and not leads and self.silence.lasts(settings['deadlineSeconds'], now):
            self.make_promise(leader)

    def look(self, now):
        """What the next best vote knows; old is only late. After a sleep, that vote may have slept too."""
        self.viewed = now
        try:
            self.view = self.votes.view(may_be_old=not self.slept)
        except OSError:
            return
        self.slept = False
        if self.must_step_down(self.view, self.postgres.looks_like_primary()):
            self.step_down()

    def must_step_down(self, view, is_primary):
        is_looked_after = view.leader is not None or not is_primary or \
            answers(self.servers[self.name], settings['patroniPort'])
        return must_step_down(view, self.name, is_primary, is_looked_after)

    def make_promise(self, primary):
        """First it is kept, then it is given."""
        view = self.votes.view()
        reason = find_reason_to_stand_still(view)
        if reason or view.leader.value != primary:
            say_once(f'{primary} is silent, and is left to Patroni: {reason or "another leads"}')
            return self.silence.restart(time.monotonic())
        self.promise = {'primary': primary, 'revision': view.leader.revision, 'lease': self.votes.grant(10),
                        'until': time.monotonic() + settings['promiseSeconds']}
        remember(self.promise)
        self.postgres.refuse(self.servers[primary])
        if not self.postgres.stop_receiver():
            self.promise['until'] = 0
            return say('what receives from the primary does not end, so nothing is promised')
        self.votes.promise(self.name, view.leader.revision, self.promise['lease'])
        say(f'{primary} has been silent for {settings["deadlineSeconds"]} s; confirms nothing to it any more')
        show(watches=primary, promised=True)

    def keep_promise(self, heard):
        promise, primary = self.promise, self.promise['primary']
        address = self.servers[primary]
        self.signs.ask({address})
        view = self.votes.view()
        if promise['lease']:
            still_leads = view.leader is not None and view.leader.revision == promise['revision']
            if not still_leads or address in heard or time.monotonic() >= promise['until']:
                self.votes.revoke(promise['lease'])
                promise['lease'] = None
            elif may_hand_over(view, self.servers) and self.votes.transact(hand_over(view)):
                say(f'gave up the leader key of {primary}, as all who could confirm its writes have promised')
            return
        if may_confirm_again(view, primary, view.leader and self.postgres.is_free_of(address)):
            self.postgres.allow()
            memory.unlink(missing_ok=True)
            self.promise, self.suspected, self.viewed = None, False, 0
            self.silence.restart(time.monotonic())
            say(f'the promise about {primary} has ended; {view.leader.value} leads')

    def stand_aside(self):
        """The primary that hears none of the others, nor finds a majority, ends before another can be promoted."""
        self.silence.restart(time.monotonic())
        if find_reason_to_stand_still(self.view) or not self.postgres.is_primary():
            return
        try:
            self.votes.view(only_here=True)
        except OSError:
            say('hears none of the other database servers and finds no majority of votes: ends PostgreSQL')
            self.postgres.end()

    def step_down(self):
        view = self.votes.view()
        if self.must_step_down(view, self.postgres.is_primary()):
            say('is a primary without the office, which ' +
                (f'{view.leader.value} holds' if view.leader else 'nobody holds: Patroni does not answer') +
                ': ends PostgreSQL')
            self.postgres.end()


def remember(promise):
    """On disk, before anything rests on it."""
    draft = memory.with_suffix('.new')
    with open(draft, 'w') as file:
        json.dump({name: promise[name] for name in ('primary', 'revision', 'lease')}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(memory)


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
    observer.resume()
    tell_systemd('READY=1')
    while True:
        try:
            observer.turn()
        except (OSError, subprocess.SubprocessError) as problem:
            say_once(f'tries again: {problem}')
        tell_systemd('WATCHDOG=1')


main()
`
