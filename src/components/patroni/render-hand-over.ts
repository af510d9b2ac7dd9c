import { handOverPath } from '../../resources/state-folder.ts'
import { etcdPlaces } from '../etcd/index.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import { placedByTrimaran } from '../placed.ts'
import { places } from './places.ts'

/** Moves the primary's office to another server in an orderly way: nothing acknowledged is lost, writes wait a moment. */
export function renderHandOver(): string {
  return `#!/usr/bin/python3
${placedByTrimaran}
"""hand-over [SERVER …]: lets another database server lead, one of those named, or any. Harmless where this one does not.
hand-over --prepare: what PostgreSQL has not yet written to its files is written now, and not while others wait."""
import base64
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request

import yaml

with open('${places.config}') as file:
    config = yaml.safe_load(file)
if sys.argv[1:] == ['--prepare']:
    sys.exit(subprocess.run(['runuser', '-u', 'postgres', '--', '${places.programs}/psql', '--no-psqlrc', '-qX', '-c', 'checkpoint']).returncode)
rest, me, named = config['restapi'], config['name'], sys.argv[1:]
who = f"{rest['authentication']['username']}:{rest['authentication']['password']}"
largest_lag = 16 * 1024 * 1024


def ask(path, body=None):
    request = urllib.request.Request(f"http://{rest['connect_address']}{path}")
    request.add_header('Authorization', 'Basic ' + base64.b64encode(who.encode()).decode())
    with urllib.request.urlopen(request, body and json.dumps(body).encode(), timeout=60) as answer:
        return answer.read().decode()


def members():
    return json.loads(ask('/cluster'))['members']


def leader():
    return next((one['name'] for one in members() if one['role'] == 'leader' and one['state'] == 'running'), None)


def heirs():
    def may_lead(one):
        lag = one.get('lag')
        return (one['role'] != 'leader' and one['state'] in ('streaming', 'running') and isinstance(lag, int)
                and lag <= largest_lag and not one.get('tags', {}).get('nofailover')
                and (not named or one['name'] in named))
    # One that confirms writes first, then the one that is least behind.
    return sorted(filter(may_lead, members()), key=lambda one: ('sync' not in one['role'] and 'quorum' not in one['role'], one['lag']))


def hand_over():
    problem = f"none of {', '.join(named) or 'the others'} can take over"
    for attempt in range(15):
        if leader() != me:
            return
        found = heirs()
        if found:
            try:
                ask('/switchover', {'leader': me, 'candidate': found[0]['name']})
            except urllib.error.HTTPError as error:
                # 503: it may still be under way; who leads tells.
                problem = error.read().decode().strip()
            for look in range(60):
                now = leader()
                if now not in (None, me):
                    print(f'{now} leads now')
                    return
                if now == me and look > 10:
                    break
                time.sleep(0.2)
        time.sleep(1)
    sys.exit(f'{me} still leads: {problem}')


try:
    hand_over()
except OSError as error:
    sys.exit(f'Patroni on {me} does not answer: {error}')
`
}

/** How a database server leaves for good: another one leads, it stops, and the others forget it. */
export function renderLeave({ name }: Stack, server: Server): string {
  const member = `/service/${name}/members/${server.name}`
  return `#!/bin/bash
${placedByTrimaran}
# Run before patroni.service is stopped for good, with the names of the servers that stay. Harmless when run again.
systemctl is-active --quiet patroni.service || exit 0
${handOverPath('patroni.service')} "$@" || exit 1
# A replica that confirms writes says so before it stops: Patroni waits until none depends on it any more.
systemctl stop patroni.service
# The others would wait for its return for a while, and keep what it has missed.
. ${etcdPlaces.etcdctl}
timeout 5 etcdctl del ${member} >/dev/null 2>&1
exit 0
`
}
