import { metricsPort, settingsPath as etcdSettings } from '../etcd/index.ts'
import { placedByTrimaran } from '../placed.ts'
import { places, restPort } from './places.ts'

/**
 * Brings what Patroni keeps in etcd to what the configuration file states. Patroni itself reads `bootstrap.dcs` only
 * when the database is made.
 */
export function renderApplySettings(): string {
  return `#!/usr/bin/python3
${placedByTrimaran}
"""Run by \`systemctl reload patroni\`: what Patroni keeps in etcd becomes what ${places.config} states."""
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


def ask(method, body=None):
    request = urllib.request.Request(f"http://{rest['connect_address']}/config", method=method)
    request.add_header('Authorization', 'Basic ' + base64.b64encode(who.encode()).decode())
    with urllib.request.urlopen(request, body and json.dumps(body).encode(), timeout=5) as answer:
        return json.load(answer)


def apply():
    current = ask('GET')
    wanted = dict(config['bootstrap']['dcs'])
    # A pause is an operator's decision of the moment (\`patronictl pause\`) and is kept here too.
    if 'pause' in current:
        wanted['pause'] = current['pause']
    if current != wanted:
        ask('PUT', wanted)
        print('changed the settings that all database servers share')


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

/** Moves the leading vote away from the primary, so that one loss does not take both. */
export function renderMoveVoteLeader(): string {
  return `#!/bin/sh
${placedByTrimaran}
# Called by Patroni as: move-vote-leader on_role_change|on_start ROLE SCOPE
# A new leader among the votes grants every lease its full time again. If it dies together with the primary, the
# database waits that much longer for a new one; so the votes are led from another server.
# Not the hostname: on site that is the operator's business.
. ${etcdSettings}
here=$ETCD_NAME
votes() { etcdctl member list --command-timeout=2s; }

# A replica that just started offers itself: until now the primary's server may have been the only one.
if [ "$2" = replica ]; then
  own=$(votes | grep ", started, $here, " | cut -d, -f1)
  votes | while IFS=', ' read -r id state name peers clients learner; do
    [ "$name" != "$here" ] && [ -n "$own" ] || continue
    address=\${clients#http://}
    curl -fs -m 2 -o /dev/null "http://\${address%%:*}:${restPort}/primary" || continue
    etcdctl --endpoints="$clients" move-leader "$own" --command-timeout=3s
  done
  exit 0
fi
[ "$2" = primary ] || exit 0
curl -s -m 2 http://127.0.0.1:${metricsPort}/metrics | grep -q '^etcd_server_is_leader 1' || exit 0
votes | while IFS=', ' read -r id state name peers clients learner; do
  [ "$name" != "$here" ] && [ "$state" = started ] && [ "$learner" = false ] || continue
  etcdctl move-leader "$id" --command-timeout=3s && break
done
exit 0
`
}
