"""The decisions, and the data that they need. Nothing here reads a clock, a socket or a file."""
import json
from typing import NamedTuple, Optional

# Values for the server that a replica may receive from: without a restriction, and none at all.
anybody, nobody = '*', ''


class Key(NamedTuple):
    """A key of etcd. Its revision grows with every change, so an equal revision is the same value, untouched."""
    path: str
    value: str
    revision: int


class Position(NamedTuple):
    """How far a server's log reaches. A later timeline counts as further: what it lacks was never acknowledged."""
    timeline: int
    lsn: int


class Awaited(NamedTuple):
    """What a primary waits for before it acknowledges a commit: confirmations of that many of these servers."""
    names: frozenset
    enough: int


class Promise(NamedTuple):
    """
    As long as this key exists, its server is a replica, receives from nobody, and its log ends exactly here.
    silent is the term of the primary that was found silent; 0 where it promised because no leader is certain.
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
    """How long nothing was heard. Only time in which this process listened counts: on a monotonic clock, without pauses."""

    def __init__(self, now):
        self.since, self.asked = now, 0

    def restart(self, now):
        self.since, self.asked = now, 0

    def ask(self):
        self.asked += 1

    def lasts(self, seconds, now):
        """A few probes do not prove silence: a process that hardly ran has hardly listened."""
        return now - self.since >= seconds and self.asked >= 4


def find_reason_to_stand_still(view):
    """Why the leader key must not be revoked in any case; None where it may be."""
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
    Whether the leader key may be revoked before its lease ends. All servers whose confirmations count must have found its holder
    silent and have promised, and they must be a majority of etcd members. With fewer, no write would be lost, but nobody
    could take over.
    """
    if find_reason_to_stand_still(view) is not None:
        return False
    promised = {promise.name for promise in silent_promises(view)}
    return view.standbys <= promised and len(promised & set(members)) > len(members) // 2


def silent_promises(view):
    return [one for one in view.promises if one.silent == view.leader.revision and one.name != view.leader.value]


def revoke(view):
    """One transaction: it deletes the leader key only if nothing that the decision rests on has changed."""
    rests_on = [view.leader, view.sync, view.config, view.established,
                *(promise.key for promise in silent_promises(view))]
    return {'unchanged': rests_on, 'put': [], 'delete': [view.leader.path]}


def may_receive_from(view):
    """
    The server that the replica here may receive from: the leader, if it has established its term. A server that only took the
    leader key, or is a primary without an established term, gets no confirmations and no followers.
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
    Whether the holder of the leader key may be promoted: 'yes', 'no', or 'wait' for more promises; and why.
    - Enough servers must have promised: each acknowledged commit was then confirmed by one of them or by the candidate. The
      candidate must have all that they have. Only standing promises count: a server without one may still confirm to a former primary.
    - The candidate must have promised, too. As the holder it counts as the server that has everything, so it must not receive from a
      former primary, even if its observer stands still for long.
    - The promise of a holder that has not begun its timeline does not count: it may still be promoted, at any time, and its
      promise says nothing about what it then writes.
    - The candidate must have followed the last leader, at least to the beginning of its timeline. Otherwise PostgreSQL would give its
      new timeline the same number, and the two histories could not be told apart.
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
    Whether PostgreSQL here, as a primary, will wait for the confirmations that etcd (/sync) says. Any quorum + 1 members that take
    over without this server must include one that confirmed. Patroni derives PostgreSQL's setting from /sync as it has read it;
    a former primary may have changed /sync since.
    """
    members = (view.standbys | {view.sync_leader}) - {name}
    others = awaited.enough if anybody in awaited.names else len(awaited.names - members)
    return len(members) - max(awaited.enough - others, 0) <= view.quorum


def establish(view, name, timeline):
    """
    The one transaction that makes a candidate the holder of its term. It requires that the leader key and /sync are unchanged since
    the decision; until then, no server that promised has received anything. The candidate's own promise ends with it.
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
    Whether the primary here becomes the holder of its term without a promotion. It does so the first time, once every server that
    confirms has an observer, and while Patroni is paused, since then the operator decides.
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
    Whether PostgreSQL here must stop, because it is a primary without the leader key. Another server holds the key or has established
    its term; or the key is vacant and Patroni, which would take it back or demote, does not answer.
    """
    if not is_primary or not view.acts:
        return False
    if view.leader is None:
        return view.sync_leader == name and not is_looked_after
    return view.leader.value != name or (view.established is not None and view.holder != name)
