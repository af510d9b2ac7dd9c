# shellcheck shell=bash
# How etcd members talk to each other. Sourced by start-etcd, by pre-remove, and by the check for forgotten members.
# TRIMARAN_ETCD_MEMBERS names every member of the stack: "db-1=10.0.0.1 db-2=10.0.0.2 …".
ETCDCTL=/etc/trimaran/etcd/etcdctl.sh
CLIENT_PORT=2379
PEER_PORT=2380
# The certificate that members show each other, and the authority that they trust.
PEER_AUTHORITY=/etc/trimaran/etcd/peers-ca.crt
PEER_CERTIFICATE=/etc/trimaran/etcd/peer.crt
PEER_KEY=/etc/trimaran/etcd/peer.key

here=$ETCD_INITIAL_ADVERTISE_PEER_URLS
# shellcheck source=/dev/null
. "$ETCDCTL"

# The list of members from another etcd member. It answers only members, so a member's certificate is shown. HTTP/1.1, because its
# port accepts HTTP/2 but does not speak it.
members_at() {
  curl -s -m 1 --http1.1 --cacert "$PEER_AUTHORITY" --cert "$PEER_CERTIFICATE" --key "$PEER_KEY" "$1/members"
}

# The other etcd members, one address on each line.
others() {
  local member
  for member in $TRIMARAN_ETCD_MEMBERS; do [ "${member%%=*}" = "$ETCD_NAME" ] || echo "${member#*=}"; done
}

# Asks the other etcd members one by one, until one of them answers for the majority.
ask_others() {
  local address said
  for address in $(others); do
    # etcdctl would wait long for an unreachable member.
    case $(members_at "https://$address:$PEER_PORT") in '['*) ;; *) continue ;; esac
    said=$(ETCDCTL_ENDPOINTS="https://$address:$CLIENT_PORT" etcdctl --dial-timeout=1s --command-timeout=4s "$@" 2>&1) && {
      echo "$said"
      return 0
    }
  done
  # etcdctl writes each error twice: one of them is for machines.
  tail -n 1 <<<"${said:-none of them answers}" | sed 's/^Error: //'
  return 1
}

# The row of this member in the others' list. Columns: id, status, name, peer address, client address, learner.
own_row() { grep -F ", $here, "; }
