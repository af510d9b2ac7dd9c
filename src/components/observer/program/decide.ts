/** What is decided, and from what: pure functions, tested as such. */
export const decideProgram = String.raw`"""What is decided, and from what. Nothing here looks at a clock, a socket or a file."""
from typing import NamedTuple, Optional


class Key(NamedTuple):
    """A key of etcd. Its revision grows with every change, so an equal revision is the same value, untouched."""
    path: str
    value: str
    revision: int
    lease: int = 0


class Promise(NamedTuple):
    """Somebody confirms nothing more to the holder of the leader key of this revision."""
    name: str
    leader_revision: int
    key: Key


class View(NamedTuple):
    """What etcd held at one moment, as far as it matters here."""
    leader: Optional[Key]
    sync: Optional[Key]
    config: Optional[Key]
    sync_leader: str
    standbys: frozenset
    acts: bool
    promises: tuple


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
    """Why the leader key must be left alone whatever is seen; None where it may be given up."""
    if view.leader is None:
        return 'nobody leads'
    if not view.acts:
        return 'Patroni is paused, or does not replicate synchronously by quorum'
    if view.sync_leader != view.leader.value or not view.standbys:
        return 'no replica confirms writes yet'
    return None


def may_hand_over(view, votes):
    """
    Whether the leader key may go. Every server that may confirm a commit of the holder has promised not to, for this
    very leader key, and a majority of votes takes part. All of them, and not merely so many that a commit finds too
    few: with two confirmations a commit, one from before a promise and one from a server without a promise, given
    after the candidates had been compared, would make a whole that no candidate knows of.
    """
    if find_reason_to_stand_still(view) is not None:
        return False
    promised = {promise.name for promise in valid_promises(view)}
    return view.standbys <= promised and len(promised & set(votes)) > len(votes) // 2


def valid_promises(view):
    return [one for one in view.promises
            if one.leader_revision == view.leader.revision and one.name != view.leader.value]


def hand_over(view):
    """
    The one transaction: only if nothing that the decision rests on has changed since, the leader key goes. The sync
    key is written anew with what it held: a former primary that has not noticed yet may have been about to declare
    that it needs no replica any more, and its write is bound to the revision that it read.
    """
    rests_on = [view.leader, view.sync, view.config, *(promise.key for promise in valid_promises(view))]
    return {'unchanged': rests_on, 'put': view.sync, 'delete': view.leader}


def may_confirm_again(view, primary, is_free):
    """
    Whether the promise may end, once its key is gone from etcd. Either the one to whom nothing was confirmed still
    leads, or leads again: the key was not given up, and cannot be any more with this promise. Or another leads, and
    PostgreSQL here is free of the former: it leads itself or follows another. Without a leader it is not known yet
    which of them it will be.
    """
    if view.leader is None:
        return False
    return view.leader.value == primary or is_free


def must_step_down(view, name, is_primary, is_looked_after):
    """
    Whether PostgreSQL here goes on as a primary without the office: another holds it, or it is vacant and Patroni,
    which would take it back or demote, does not answer.
    """
    if not is_primary or not view.acts:
        return False
    if view.leader is None:
        return view.sync_leader == name and not is_looked_after
    return view.leader.value != name
`
