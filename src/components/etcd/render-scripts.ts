import { placedByTrimaran } from '../placed.ts'
import { sh, type Shell } from '../../shell/sh.ts'
import { places } from './places.ts'
import { clientPort, peerPort } from './ports.ts'

/**
 * Asks a vote, by its peer address, who the votes are; as one of them, since the others answer to nobody else. That port
 * agrees to HTTP/2 and does not speak it.
 */
export const askMembers: Shell = sh`curl -s -m 1 --http1.1 --cacert ${places.peer.authority} --cert ${places.peer.certificate} --key ${places.peer.key}`

/** How the votes talk to each other: what \`start-etcd\` and the farewell share. */
export function renderSpeak(): string {
  return `# shellcheck shell=bash
${placedByTrimaran}
# Read by start-etcd and by the farewell. TRIMARAN_VOTES names every vote of the stack: "db-1=10.0.0.1 db-2=10.0.0.2 …".

here=$ETCD_INITIAL_ADVERTISE_PEER_URLS
. ${places.callAsVote}

# What a vote says of the others, asked as one of them.
members_at() { ${askMembers.text} "$1/members"; }

# The other votes, an address a line.
others() {
  local vote
  for vote in $TRIMARAN_VOTES; do [ "\${vote%%=*}" = "$ETCD_NAME" ] || echo "\${vote#*=}"; done
}

# Asks the other votes one after the other, until one of them answers for their majority.
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
 * Starts a vote. Which votes there are is known to the votes themselves and not decided by a file: a file that is wrong
 * once would make a second majority, and with it a second database.
 */
export function renderStart(): string {
  return `#!/bin/bash
${placedByTrimaran}
# Run by etcd.service. With data, etcd simply starts. Without, this vote either joins those that there are, or, if it is
# $TRIMARAN_FOUNDER and every other server says that it has no vote yet either, it founds them: alone, and the others join.
# Nobody ever founds because others are silent: that is how one database would become two.
# A vote that lost its disk joins as a new one, since the old one's promises are forgotten.
. ${places.speak}

main() {
  if [ -e "$ETCD_DATA_DIR/member" ] && was_removed; then
    say 'the other votes removed this one: it joins anew'
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
  until found || join; do sleep 0.5; done
  kill "$listener" 2>/dev/null
  wait "$listener" 2>/dev/null
}

found() {
  [ "$ETCD_NAME" = "$TRIMARAN_FOUNDER" ] || return 1
  local vote answer
  for vote in $TRIMARAN_VOTES; do
    [ "\${vote%%=*}" = "$ETCD_NAME" ] && continue
    answer=$(members_at "https://\${vote#*=}:${peerPort}")
    case $answer in
      'no vote yet') ;;
      '['*) return 1 ;;
      *) # A vote without data of its own joins later in any case.
        case " $TRIMARAN_WITHOUT_DATA " in *" \${vote%%=*} "*) continue ;; esac
        say_rarely "waits for \${vote%%=*}: it must say that there are no votes yet, or which"
        return 1
        ;;
    esac
  done
  say 'founds the votes of this stack'
  export ETCD_INITIAL_CLUSTER="$ETCD_NAME=$here" ETCD_INITIAL_CLUSTER_STATE=new
  # A name of its own for each founding: votes of an earlier one are never mistaken for these.
  ETCD_INITIAL_CLUSTER_TOKEN="trimaran-$(cat /proc/sys/kernel/random/uuid)"
  export ETCD_INITIAL_CLUSTER_TOKEN
}

join() {
  local members stale added
  members=$(ask_others member list) || { say_rarely "waits for the other votes: $members"; return 1; }
  stale=$(own_row <<<"$members" | cut -d, -f1)
  if [ -n "$stale" ]; then
    say 'lost its data: it gives up its old place among the votes'
    ask_others member remove "$stale" >/dev/null || return 1
  fi
  # As a learner: it counts for no majority until it has everything. One at a time; the others are asked again.
  added=$(ask_others member add "$ETCD_NAME" --peer-urls="$here" --learner) || { say_rarely "waits to join: $added"; return 1; }
  say 'joins the other votes'
  ETCD_INITIAL_CLUSTER=$(sed -n 's/^ETCD_INITIAL_CLUSTER="\\(.*\\)"$/\\1/p' <<<"$added")
  export ETCD_INITIAL_CLUSTER ETCD_INITIAL_CLUSTER_STATE=existing
}

# In the background: a learner asks to become a full vote, which the others grant once it has everything.
become_full() {
  local members
  for ((attempt = 0; attempt < 3600; attempt++)); do
    sleep 0.5
    members=$(ask_others member list) || continue
    own_row <<<"$members" | grep -q ', true$' || exit 0
    ask_others member promote "$(own_row <<<"$members" | cut -d, -f1)" >/dev/null && { say 'is a full vote'; exit 0; }
  done
}

# Only a majority of the others can say so: a single one may be out of date.
was_removed() {
  local members
  members=$(ask_others member list) || return 1
  ! own_row <<<"$members" >/dev/null
}

# Tells whoever asks where the other votes would answer, and is one, that there is none here yet.
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
            caller.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nno vote yet")

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

/** How a vote leaves for good: first it stops counting, then it stops. */
export function renderLeave(): string {
  return `#!/bin/bash
${placedByTrimaran}
# Run before etcd.service is stopped for good. The others stop counting this vote first, so that they are a majority of
# themselves at every moment; they refuse where they would not be. Harmless when run again.
set -a
. ${places.settings}
. ${places.votes}
set +a
. ${places.speak}

for ((attempt = 0; attempt < 30; attempt++)); do
  if members=$(ask_others member list); then
    id=$(own_row <<<"$members" | cut -d, -f1)
    [ -n "$id" ] || { gone=yes; break; }
    if [ "$(grep -c . <<<"$members")" = 1 ]; then break; fi
    # A vote that leads hands that over first: nobody has to wait for an election.
    heir=$(grep -F ', started, ' <<<"$members" | grep ', false$' | grep -vF ", $here, " | head -n 1 | cut -d, -f1)
    etcdctl --command-timeout=3s move-leader "$heir" >/dev/null 2>&1
    said=$(ask_others member remove "$id") && { gone=yes; break; }
  else
    said=$members
  fi
  sleep 1
done

if [ "\${gone:-no}" = no ]; then
  echo "the other votes do not let $ETCD_NAME go: \${said:-there is none}"
  exit 1
fi
systemctl stop etcd.service
# What it knew is worth nothing to anybody now, and would keep it from joining again.
rm -rf "$ETCD_DATA_DIR"
`
}
