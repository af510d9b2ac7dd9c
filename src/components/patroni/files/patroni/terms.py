"""Which server may change the key sync, which says who confirms. Nothing here uses Patroni, a socket or a clock."""
import json
from typing import NamedTuple


class Key(NamedTuple):
    """A key of etcd. Its revision grows with every change; 0 where it is absent."""
    path: str
    value: str
    revision: int


def bind_sync(name, sync, established):
    """
    The keys that must be unchanged when this server changes the key sync: the key itself, as Patroni has read it, and the term. None
    where another server is the holder. Before there is a holder, only Patroni's own rules apply.
    """
    return [sync, established] if established.revision == 0 or read_holder(established) == name else None


def read_holder(established):
    try:
        return json.loads(established.value)['holder']
    except (ValueError, TypeError, KeyError):
        return None
