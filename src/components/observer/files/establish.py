"""
Patroni asks for this on a server that has taken the leader key, before the promotion (pre_promote). The observer does it; if it does
not answer, this file runs as a program. It ends with 0 once etcd has the entry that this server leads. The server may lead only if
it has all that was ever acknowledged. Otherwise Patroni gives the key back, and another server tries.
Why: docs/decisions/fast-failover.md
"""
import json
import pathlib
import subprocess
import sys
import time

from decide import establish, check_candidate, waits_for_witnesses
from postgres import Postgres
from etcd import Etcd

# Seconds: longer than an observer needs to notice the new holder of the leader key and to promise; shorter than ttl.
patience = 8.0


def main(settings):
    name, servers = settings['name'], settings['servers']
    etcd = Etcd([address for other, address in servers.items() if other != name], settings['etcdPort'], settings['scope'],
                  settings['caller'])
    postgres, until, why = Postgres(**settings['postgres']), time.monotonic() + patience, ''
    while time.monotonic() < until:
        verdict, why = attempt(name, etcd, postgres)
        if verdict != 'wait':
            break
        time.sleep(0.05)
    print(tell(verdict, why), flush=True)
    return 0 if verdict == 'yes' else 1


def tell(verdict, why):
    return f'establishes its term: {verdict}, {why}'


def attempt(name, etcd, postgres):
    try:
        return check(name, etcd, postgres)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        return 'wait', str(problem)


def check(name, etcd, postgres):
    """The position is read before etcd: the log only grows, so this server then has at least that much."""
    position = postgres.position()
    if position is None:
        return 'wait', 'PostgreSQL has not read all of its log yet'
    view = etcd.view()
    verdict, why = check_candidate(view, name, position)
    if verdict == 'yes' and view.established and view.acts:
        awaited = postgres.awaited()
        if view.sync_leader and awaited is None:
            return 'wait', 'it is not known what PostgreSQL here will wait for'
        if view.sync_leader and not waits_for_witnesses(view, name, awaited):
            return 'no', 'who confirms was changed after Patroni here had read it'
        if not etcd.transact(establish(view, name, postgres.newest_timeline() + 1)):
            return 'wait', 'etcd changed meanwhile'
    return verdict, why


if __name__ == '__main__':
    sys.exit(main(json.loads(pathlib.Path(sys.argv[1]).read_text())))
