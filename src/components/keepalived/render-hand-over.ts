import type { RenderContext } from '../component.ts'
import { placedByTrimaran } from '../placed.ts'
import { addressOf } from './address.ts'

/** How long new visitors may have to wait for the other balancer, in seconds: a second TCP attempt comes after one. */
const gateSeconds = 3

/** Beyond these seconds no connection is waited for: others wait for the step to end. */
const longestPatience = 600

/**
 * Gives the address to another balancer such that no request is lost. A connection cannot move with it, so at the moment of
 * the move none should be open: those that HAProxy was told to end (`option httpclose`) get their time first. Then, for the
 * moment that the last short ones need, this server leaves requests for new connections unanswered. Visitors' systems ask
 * again a second later, and the new holder answers.
 */
export function renderHandOver(context: RenderContext): string {
  const { ip } = addressOf(context)
  const { app, balancer } = context.stack.declared
  const patience = Math.min(Math.ceil(app.drainTimeout), longestPatience)
  const isMoved = typeof balancer.virtualAddress === 'object' && balancer.virtualAddress.move !== undefined
  return `#!/bin/bash
${placedByTrimaran}
# hand-over [SERVER …]: another balancer takes ${ip}. Harmless where this one does not hold it.
address=${ip}
holds() { ip -o -4 address show to "$address/32" | grep -q .; }
holds || exit 0

# Connections of visitors to the address, and those among them that do not belong to HAProxy's present worker.
connections() { ss -Htnp state established "src $address" '( sport = :80 or sport = :443 )'; }
worker=$(perl -MIO::Socket::UNIX -e '
  alarm 2;
  my $socket = IO::Socket::UNIX->new(Peer => "/run/haproxy/admin.sock") or exit;
  print $socket "show info\\n";
  /^Pid: (\\d+)/ and print $1 while <$socket>;
' 2>/dev/null)
of_before() { connections | grep -vc "pid=\${worker:-none},"; }

# What visitors opened before HAProxy was told to say goodbye with each answer, at most ${patience} s (drainTimeout).
deadline=$((SECONDS + ${patience}))
until [ -z "$worker" ] || [ "$(of_before)" = 0 ] || [ $SECONDS -ge $deadline ]; do sleep 0.2; done

# The gate opens by itself, should this script end in the middle.
close_gate() {
  nft -f - <<EOF
table ip trimaran_hand_over {
  set gate { type ipv4_addr; flags timeout; elements = { $address timeout ${gateSeconds}s }; }
  chain input {
    type filter hook input priority -10;
    ip daddr @gate tcp dport { 80, 443 } tcp flags & (syn | ack) == syn drop;
  }
}
EOF
}
open_gate() { nft delete table ip trimaran_hand_over 2>/dev/null; }
trap open_gate EXIT
close_gate
for attempt in $(seq ${gateSeconds * 20 - 10}); do
  [ -n "$(connections)" ] || break
  sleep 0.05
done

# Says goodbye, and another one takes over at once. Back again, this one stands by.
systemctl stop keepalived.service
${isMoved ? '# The command of the config moves the address in the network; only the other balancer knows when that is done.' : awaitHolder}
systemctl start --no-block keepalived.service
`
}

/** A datagram makes the kernel ask the network who has the address. */
const awaitHolder = `for attempt in $(seq 30); do
  ip neigh flush to "$address"
  echo >"/dev/udp/$address/9"
  sleep 0.1
  case $(ip neigh show to "$address") in *lladdr*) taken=yes; break ;; esac
done 2>/dev/null
if [ "$taken" != yes ]; then
  systemctl start keepalived.service
  echo "no other balancer took $address: it stays here"
  exit 1
fi`
