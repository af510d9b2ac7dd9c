"""Who may change who confirms. Nothing here knows of Patroni, a socket or a clock."""
import json
from typing import NamedTuple


class Key(NamedTuple):
    """A key of etcd. Its revision grows with every change; 0 where it is not there."""
    path: str
    value: str
    revision: int


def bind_sync(name, sync, established):
    """
    What must be unchanged in the transaction in which this server changes who confirms (the key sync): that key itself, as
    Patroni has it, and the term. None where another server is the holder. Before there is a holder, Patroni's rule is all there is.
    """
    return [sync, established] if established.revision == 0 or read_holder(established) == name else None


def read_holder(established):
    try:
        return json.loads(established.value)['holder']
    except (ValueError, TypeError, KeyError):
        return None
