"""What is decided, and from what. Nothing here looks at a clock, a socket or a file."""
import json
from typing import NamedTuple, Optional

# From whom a replica may receive where nothing restricts it, and where nobody may be received from.
anybody, nobody = '*', ''


class Key(NamedTuple):
    """A key of etcd. Its revision grows with every change, so an equal revision is the same value, untouched."""
    path: str
    value: str
    revision: int


class Position(NamedTuple):
    """How far a server's log reaches. A later timeline comes first: what it does not have was never acknowledged."""
    timeline: int
    lsn: int


class Awaited(NamedTuple):
    """What a primary waits for before it acknowledges a commit: so many of these servers have confirmed it."""
    names: frozenset
    enough: int


class Promise(NamedTuple):
    """
    As long as this key stands, its server is a replica, receives from nobody, and has exactly this in its log.
    silent is the term of the primary that it found silent; 0 where it promised because nobody leads for certain.
    """
    name: str
    silent: int
    position: Position
    key: Key


class View(NamedTuple):
    """What etcd held at one moment, as far as it matters here. A term is the revision of its leader key."""
    leader: Optional[Key]
    sync: Optional[Key]
    config: Optional[Key]
    established: Optional[Key]
    sync_leader: str
    standbys: frozenset
    quorum: int
    acts: bool
    holder: str
    term: int
    timeline: int
    promises: tuple
    observers: dict


class Silence:
    """How long nothing was heard, counted only while somebody listened: on a monotonic clock, and not while paused."""

    def __init__(self, now):
        self.since, self.asked = now, 0

    def restart(self, now):
        self.since, self.asked = now, 0

    def ask(self):
        self.asked += 1

    def lasts(self, seconds, now):
        """Few questions are no silence: a process that hardly ran has hardly listened."""
        return now - self.since >= seconds and self.asked >= 4


def find_reason_to_stand_still(view):
    """Why the leader key must be left alone whatever is seen; None where it may be revoked."""
    if view.leader is None:
        return 'nobody leads'
    if not view.acts:
        return 'Patroni is paused, or does not replicate synchronously by quorum'
    if view.holder != view.leader.value:
        return 'it has not established its term yet'
    if view.sync_leader != view.leader.value or not view.standbys:
        return 'no replica confirms writes yet'
    return None


def may_revoke(view, members):
    """
    Whether the leader key may go before its time: all whose confirmations count have found its holder silent and
    promised, and they are a majority of etcd members. Fewer would not lose a write, but nobody could take over from them.
    """
    if find_reason_to_stand_still(view) is not None:
        return False
    promised = {promise.name for promise in silent_promises(view)}
    return view.standbys <= promised and len(promised & set(members)) > len(members) // 2


def silent_promises(view):
    return [one for one in view.promises if one.silent == view.leader.revision and one.name != view.leader.value]


def revoke(view):
    """One transaction: only if nothing that the decision rests on has changed since, the leader key goes."""
    rests_on = [view.leader, view.sync, view.config, view.established,
                *(promise.key for promise in silent_promises(view))]
    return {'unchanged': rests_on, 'put': [], 'delete': [view.leader.path]}


def may_receive_from(view):
    """
    Whom the replica here may receive from: whoever leads, and has established that it may. A server that merely took
    the leader key, or is a primary without having established its term, is confirmed nothing and followed by nobody.
    """
    if view.established is None or not view.acts:
        return anybody
    if view.leader is None or view.leader.value != view.holder:
        return nobody
    return view.holder


def may_promise(view, name):
    """A server that leads does not promise."""
    return not (view.leader is not None and view.leader.value == name == view.holder)


def check_candidate(view, name, position):
    """
    Whether the server that holds the leader key may be promoted: 'yes', 'no', or 'wait' for more promises; and why. So
    many must have promised that every commit that was acknowledged was confirmed by one of them (or by the candidate), and the
    candidate must have all that they have. Only promises that stand are counted: whoever has not promised may confirm more
    to a former primary at any moment. The candidate too must have promised: as the holder it is taken for the server that
    has everything, so it must not receive from a former primary, however long its observer stands still. A holder that has
    not begun its timeline may still be promoted, however late, and its promise says nothing of what it then writes. And the
    candidate must have followed the server that led last, if only to the beginning of its timeline: PostgreSQL would number a
    new timeline as that one is numbered, and two histories with the same number cannot be told apart any more.
    """
    if view.leader is None or view.leader.value != name:
        return 'no', 'does not hold the leader key'
    if view.established is None or not view.acts or not view.sync_leader:
        return 'yes', 'nothing that was acknowledged needs a witness'
    if view.holder == name:
        return 'yes', 'was the last that led: all that was acknowledged is here'
    if position.timeline < view.timeline:
        return 'no', f'has not followed {view.holder}, which led last'
    members = view.standbys | {view.sync_leader}
    others = [one for one in view.promises if one.name in members and one.name != name
              and (one.name != view.holder or one.position.timeline >= view.timeline)]
    agreeing = [one for one in others if one.position <= position]
    ahead = [one.name for one in others if one.position > position]
    if len(members) - len(ahead) <= view.quorum:
        return 'no', f"lacks what {', '.join(ahead)} may have confirmed"
    if not any(one.name == name for one in view.promises):
        return 'wait', 'may still receive from another'
    if len(agreeing) + (name in members) > view.quorum:
        return 'yes', 'has all that was acknowledged'
    return 'wait', 'too few have promised'


def waits_for_witnesses(view, name, awaited):
    """
    Whether what PostgreSQL here will wait for as a primary agrees with what is held about it: any quorum + 1 members that
    take over without this server must include one that confirmed. Patroni derived the one from the other, but from what it
    had read by then; a former primary may have changed who confirms since.
    """
    members = (view.standbys | {view.sync_leader}) - {name}
    others = awaited.enough if anybody in awaited.names else len(awaited.names - members)
    return len(members) - max(awaited.enough - others, 0) <= view.quorum


def establish(view, name, timeline):
    """
    The one transaction that makes a candidate the holder of its term: only if it holds the leader key as it did when that
    was decided (meanwhile nobody who promised received from anybody), and who confirms was not changed. Its own
    promise ends with it.
    """
    own = view.observers.get(name) or Key(beside(view.leader, f'observer/{name}'), '', 0)
    return {
        'unchanged': [view.leader, view.sync, view.config],
        'put': [view.established._replace(value=write_term(name, view.leader.revision, timeline)), own._replace(value='{}')],
        'delete': [],
    }


def beside(key, name):
    return key.path.rsplit('/', 1)[0] + '/' + name


def may_adopt(view, name, is_primary):
    """
    Whether the primary here is entered as the holder of its term without having been promoted for it: the first time,
    once every server that confirms has an observer; and while Patroni is paused, where the operator decides.
    """
    if view.leader is None or view.leader.value != name or not is_primary or view.holder == name:
        return False
    if view.established is None:
        return view.acts and view.sync_leader == name and view.standbys | {name} <= set(view.observers)
    return not view.acts


def adopt(view, name, timeline):
    was = view.established or Key(beside(view.leader, 'established'), '', 0)
    value = write_term(name, view.leader.revision, timeline)
    return {'unchanged': [view.leader, view.config, was], 'put': [was._replace(value=value)], 'delete': []}


def write_term(holder, term, timeline):
    return json.dumps({'holder': holder, 'term': term, 'timeline': timeline})


def write_promise(silent, position):
    return json.dumps({'silent': silent, 'timeline': position.timeline, 'lsn': position.lsn})


def must_step_down(view, name, is_primary, is_looked_after):
    """
    Whether PostgreSQL here goes on as a primary without the leader key: another holds it, or has established its term; or it
    is vacant and Patroni, which would take it back or demote, does not answer.
    """
    if not is_primary or not view.acts:
        return False
    if view.leader is None:
        return view.sync_leader == name and not is_looked_after
    return view.leader.value != name or (view.established is not None and view.holder != name)
