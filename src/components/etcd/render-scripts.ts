import { placedByTrimaran } from '../placed.ts'
import { sh, type Shell } from '../../shell/sh.ts'
import { places } from './places.ts'
import { clientPort, peerPort } from './ports.ts'

/**
 * Asks an etcd member, by its peer address, who the members are; as one of them, since the others answer to nobody else. That port
 * agrees to HTTP/2 and does not speak it.
 */
export const askMembers: Shell = sh`curl -s -m 1 --http1.1 --cacert ${places.peer.authority} --cert ${places.peer.certificate} --key ${places.peer.key}`

/** How etcd members talk to each other: what \`start-etcd\` and the farewell share. */
export function renderMembers(): string {
  return `# shellcheck shell=bash
${placedByTrimaran}
# Read by start-etcd and by the farewell. TRIMARAN_ETCD_MEMBERS names every member of the stack: "db-1=10.0.0.1 db-2=10.0.0.2 …".

here=$ETCD_INITIAL_ADVERTISE_PEER_URLS
. ${places.etcdctl}

# What an etcd member says of the others, asked as one of them.
members_at() { ${askMembers.text} "$1/members"; }

# The other etcd members, an address a line.
others() {
  local member
  for member in $TRIMARAN_ETCD_MEMBERS; do [ "\${member%%=*}" = "$ETCD_NAME" ] || echo "\${member#*=}"; done
}

# Asks the other etcd members one after the other, until one of them answers for their majority.
ask_others() {
  local address said
  for address in $(others); do
    # etcdctl would wait long for one that is away.
    case $(members_at "https://$address:${peerPort}") in '['*) ;; *) continue ;; esac
    said=$(ETCDCTL_ENDPOINTS="https://$address:${clientPort}" etcdctl --dial-timeout=1s --command-timeout=4s "$@" 2>&1) && {
      echo "$said"
      return 0
    }
  done
  # etcdctl writes its errors twice, once for machines.
  tail -n 1 <<<"\${said:-none of them answers}" | sed 's/^Error: //'
  return 1
}

# The id of this very member, as the others know it. Columns: id, status, name, peer address, client address, learner.
own_row() { grep -F ", $here, "; }
`
}

/**
 * Starts an etcd member. Which members there are is known to etcd itself and not decided by a file: a file that is wrong
 * once would make a second majority, and with it a second database.
 */
export function renderStart(): string {
  return `#!/bin/bash
${placedByTrimaran}
# Run by etcd.service. With data, etcd simply starts. Without, it either joins the members that there are, or, if it is
# $TRIMARAN_BOOTSTRAP_MEMBER and every other server says that it has no etcd member yet either, it bootstraps etcd: alone, and the others join.
# Nobody ever bootstraps because others are unreachable: that is how one database would become two.
# An etcd member that lost its disk joins as a new one, since the old one's promises are forgotten.
. ${places.members}

main() {
  if [ -e "$ETCD_DATA_DIR/member" ] && was_removed; then
    say 'the other members removed this one: it joins as a new one'
    rm -rf "$ETCD_DATA_DIR"
  fi
  [ -e "$ETCD_DATA_DIR/member" ] || begin
  become_full &
  exec /usr/bin/etcd
}

# Sets what etcd reads when it starts without data.
begin() {
  say_empty &
  local listener=$!
  until bootstrap || join; do sleep 0.5; done
  kill "$listener" 2>/dev/null
  wait "$listener" 2>/dev/null
}

bootstrap() {
  [ "$ETCD_NAME" = "$TRIMARAN_BOOTSTRAP_MEMBER" ] || return 1
  local member answer
  for member in $TRIMARAN_ETCD_MEMBERS; do
    [ "\${member%%=*}" = "$ETCD_NAME" ] && continue
    answer=$(members_at "https://\${member#*=}:${peerPort}")
    case $answer in
      'no etcd member yet') ;;
      '['*) return 1 ;;
      *) # An etcd member without data of its own joins later in any case.
        case " $TRIMARAN_WITHOUT_DATA " in *" \${member%%=*} "*) continue ;; esac
        say_rarely "waits for \${member%%=*}: it must say that there is no etcd yet, or list the members"
        return 1
        ;;
    esac
  done
  say 'bootstraps etcd for this stack'
  export ETCD_INITIAL_CLUSTER="$ETCD_NAME=$here" ETCD_INITIAL_CLUSTER_STATE=new
  # A name of its own for each bootstrap: members of an earlier one are never mistaken for these.
  ETCD_INITIAL_CLUSTER_TOKEN="trimaran-$(cat /proc/sys/kernel/random/uuid)"
  export ETCD_INITIAL_CLUSTER_TOKEN
}

join() {
  local members stale added
  members=$(ask_others member list) || { say_rarely "waits for the other etcd members: $members"; return 1; }
  stale=$(own_row <<<"$members" | cut -d, -f1)
  if [ -n "$stale" ]; then
    say 'lost its data: its old membership is removed'
    ask_others member remove "$stale" >/dev/null || return 1
  fi
  # As a learner: it counts for no majority until it has everything. One at a time; the others are asked again.
  added=$(ask_others member add "$ETCD_NAME" --peer-urls="$here" --learner) || { say_rarely "waits to join: $added"; return 1; }
  say 'joins the other members'
  ETCD_INITIAL_CLUSTER=$(sed -n 's/^ETCD_INITIAL_CLUSTER="\\(.*\\)"$/\\1/p' <<<"$added")
  export ETCD_INITIAL_CLUSTER ETCD_INITIAL_CLUSTER_STATE=existing
}

# In the background: a learner asks to become a voting member, which the others grant once it has everything.
become_full() {
  local members
  for ((attempt = 0; attempt < 3600; attempt++)); do
    sleep 0.5
    members=$(ask_others member list) || continue
    own_row <<<"$members" | grep -q ', true$' || exit 0
    ask_others member promote "$(own_row <<<"$members" | cut -d, -f1)" >/dev/null && { say 'is a voting member'; exit 0; }
  done
}

# Only a majority of the others can say so: a single one may be out of date.
was_removed() {
  local members
  members=$(ask_others member list) || return 1
  ! own_row <<<"$members" >/dev/null
}

# Tells whoever asks where the other etcd members would answer, and is one, that there is none here yet.
say_empty() {
  exec python3 -Es -c '
import socketserver, ssl, sys

address, certificate, key, authority = sys.argv[1:]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority)
context.verify_mode = ssl.CERT_REQUIRED
context.load_cert_chain(certificate, key)

class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(1)
        with context.wrap_socket(self.request, server_side=True) as caller:
            caller.recv(4096)
            caller.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nno etcd member yet")

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    def handle_error(self, request, caller): pass

Server((address, ${peerPort}), Answer).serve_forever()
  ' "$(sed 's|https://||; s|:.*||' <<<"$here")" ${places.peer.certificate} ${places.peer.key} ${places.peer.authority}
}

say() { echo "$ETCD_NAME $*"; }
last=0
say_rarely() {
  [ $((SECONDS - last)) -ge 10 ] || [ $last = 0 ] || return 0
  last=$((SECONDS + 1))
  say "$@"
}

main
`
}

/** How an etcd member leaves for good: first it is removed, then it stops. */
export function renderLeave(): string {
  return `#!/bin/bash
${placedByTrimaran}
# Run before etcd.service is stopped for good. The others remove this member first, so that they are a majority of
# themselves at every moment; they refuse where they would not be. Harmless when run again.
set -a
. ${places.settings}
. ${places.memberList}
set +a
. ${places.members}

for ((attempt = 0; attempt < 30; attempt++)); do
  if members=$(ask_others member list); then
    id=$(own_row <<<"$members" | cut -d, -f1)
    [ -n "$id" ] || { gone=yes; break; }
    if [ "$(grep -c . <<<"$members")" = 1 ]; then break; fi
    # The leader hands over first: nobody has to wait for an election.
    heir=$(grep -F ', started, ' <<<"$members" | grep ', false$' | grep -vF ", $here, " | head -n 1 | cut -d, -f1)
    etcdctl --command-timeout=3s move-leader "$heir" >/dev/null 2>&1
    said=$(ask_others member remove "$id") && { gone=yes; break; }
  else
    said=$members
  fi
  sleep 1
done

if [ "\${gone:-no}" = no ]; then
  echo "the other members do not remove $ETCD_NAME: \${said:-there is none}"
  exit 1
fi
systemctl stop etcd.service
# What it knew is worth nothing to anybody now, and would keep it from joining again.
rm -rf "$ETCD_DATA_DIR"
`
}
