import { etcdctlVariables, metricsPort, settingsPath as etcdSettings } from '../etcd/index.ts'
import { placedByTrimaran } from '../placed.ts'
import { places, restPort } from './places.ts'

/**
 * Brings what Patroni keeps in etcd to what the configuration file states. Patroni itself reads `bootstrap.dcs` only
 * when the database is made.
 */
export function renderApplySettings(): string {
  return `#!/usr/bin/python3
${placedByTrimaran}
"""Run by \`systemctl reload patroni\`: what Patroni keeps in etcd becomes what ${places.config} states.
--check: changes nothing; where this server leads, or nobody does, names the settings that differ, and fails if any do."""
import base64
import json
import sys
import time
import urllib.error
import urllib.request

import yaml

with open('${places.config}') as file:
    config = yaml.safe_load(file)
rest = config['restapi']
who = f"{rest['authentication']['username']}:{rest['authentication']['password']}"


def ask(method, body=None, path='/config'):
    request = urllib.request.Request(f"http://{rest['connect_address']}{path}", method=method)
    request.add_header('Authorization', 'Basic ' + base64.b64encode(who.encode()).decode())
    with urllib.request.urlopen(request, body and json.dumps(body).encode(), timeout=1 if sys.argv[1:] else 5) as answer:
        return json.load(answer)


def compare():
    """What there is, and what there is to be."""
    current = ask('GET')
    current = current if isinstance(current, dict) else {}
    wanted = dict(config['bootstrap']['dcs'])
    # A pause is an operator's decision of the moment (\`patronictl pause\`) and is kept here too.
    if isinstance(current.get('pause'), bool):
        wanted['pause'] = current['pause']
    return current, wanted


def apply():
    current, wanted = compare()
    if current != wanted:
        ask('PUT', wanted)
        print('changed the settings that all database servers share')


def differences(current, wanted, path=''):
    """The names of all settings that are not what they are to be; those that are not to be there at all among them."""
    if current == wanted:
        return []
    if not isinstance(current, dict) or not isinstance(wanted, dict):
        return [path[1:]]
    return [one for name in sorted({*current, *wanted})
            for one in differences(current.get(name), wanted.get(name), f'{path}.{name}')]


def check():
    leader = next((one['name'] for one in ask('GET', path='/cluster')['members'] if one['role'] == 'leader'), None)
    found = differences(*compare()) if leader in (None, config['name']) else []
    if found:
        print(', '.join(found))
        sys.exit(1)


if sys.argv[1:] == ['--check']:
    try:
        check()
    except (OSError, ValueError, KeyError):
        pass  # Who does not answer says nothing of it.
    sys.exit(0)

for attempt in range(10):
    try:
        apply()
        sys.exit(0)
    except urllib.error.HTTPError as error:
        # 502: the database is only being made, and will begin with the right settings.
        if error.code == 502 and error.url.endswith('/config'):
            sys.exit(0)
        problem = error
    except OSError as error:
        problem = error
    time.sleep(0.5)
sys.exit(f'Patroni did not take the settings: {problem}')
`
}

/** Moves etcd's leader away from the primary, so that one loss does not take both. */
export function renderMoveEtcdLeader(): string {
  return `#!/bin/sh
${placedByTrimaran}
# Called by Patroni as: move-etcd-leader on_role_change|on_start ROLE SCOPE
# A new etcd leader grants every lease its full time again. If it dies together with the primary, the
# database waits that much longer for a new one; so etcd's leader is on another server.
# Not the hostname: on site that is the operator's business.
. ${etcdSettings}
${etcdctlVariables(places.caller)}here=$ETCD_NAME
members() { etcdctl member list --command-timeout=2s; }

# A replica that just started offers itself: until now the primary's server may have been the only one.
if [ "$2" = replica ]; then
  own=$(members | grep ", started, $here, " | cut -d, -f1)
  members | while IFS=', ' read -r id state name peers clients learner; do
    [ "$name" != "$here" ] && [ -n "$own" ] || continue
    address=\${clients#https://}
    curl -fs -m 2 -o /dev/null "http://\${address%%:*}:${restPort}/primary" || continue
    ETCDCTL_ENDPOINTS=$clients etcdctl move-leader "$own" --command-timeout=3s
  done
  exit 0
fi
[ "$2" = primary ] || exit 0
curl -s -m 2 http://127.0.0.1:${metricsPort}/metrics | grep -q '^etcd_server_is_leader 1' || exit 0
members | while IFS=', ' read -r id state name peers clients learner; do
  [ "$name" != "$here" ] && [ "$state" = started ] && [ "$learner" = false ] || continue
  etcdctl move-leader "$id" --command-timeout=3s && break
done
exit 0
`
}
