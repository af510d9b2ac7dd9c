/**
 * The shell that keeps one lab server: it makes the server's network afresh, boots it, and does so again for as long as
 * the server ends with a reboot. A network made afresh is what a real reboot gives: addresses, routes and firewall rules
 * that were not saved are gone.
 *
 * It joins the server's cgroup before all else, so that whatever it starts is found there. `systemd-nspawn` gets mounts
 * of its own, in which the server's disk is laid over the image: when its last process ends, nothing is left mounted.
 *
 * What is dropped would change the computer itself: its clock, its modules, its memory. Everything else a lab server
 * may do, since it is the user's own. The call bpf is what its systemd needs to keep `IPAddressDeny=` and `DeviceAllow=`;
 * systemd-nspawn leaves it out, and systemd then goes on without them.
 */
export const supervisorScript = `#!/bin/sh
# Keeps one lab server: boots it, and boots it again when it ends with a reboot. Written by Trimaran.
# Words: cgroup, machine, hostname, folder, image, namespace, bridge, link, hardware address, address/length, gateway or -
set -u
cgroup=$1 machine=$2 hostname=$3 folder=$4 image=$5 namespace=$6 bridge=$7 link=$8
shift 8
hardware=$1 address=$2 gateway=$3

make_network() {
  ip netns delete "$namespace" 2>/dev/null
  ip link delete "$link" 2>/dev/null
  ip netns add "$namespace" &&
  ip link add "$link" type veth peer name eth0 address "$hardware" netns "$namespace" &&
  ip link set "$link" master "$bridge" up &&
  ip -netns "$namespace" link set lo up &&
  ip -netns "$namespace" address add "$address" dev eth0 &&
  ip -netns "$namespace" link set eth0 up &&
  { [ "$gateway" = - ] || ip -netns "$namespace" route add default via "$gateway"; }
}

# Its cgroups are made afresh too: some kernels kill what is started in one that was killed before.
empty_cgroup() {
  find "$cgroup/machine" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null
}

boot() {
  empty_cgroup
  rm -rf "/run/systemd/nspawn/propagate/$machine" "/run/systemd/nspawn/unix-export/$machine"
  unshare --mount sh -c '
    echo 0 >"$1/machine/cgroup.procs" &&
    mount -t overlay "$2" -o "lowerdir=$5,upperdir=$4/disk,workdir=$4/work" "$4/root" &&
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_LOCK=0 \\
    SYSTEMD_NSPAWN_API_VFS_WRITABLE=network exec systemd-nspawn --quiet --settings=no --register=no --keep-unit \\
      --machine="$2" --hostname="$3" --directory="$4/root" --network-namespace-path="/run/netns/$6" \\
      --capability=all --drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE,CAP_SYS_RAWIO --system-call-filter=bpf \\
      --resolv-conf=off --timezone=off --link-journal=no --boot
  ' boot "$cgroup" "$machine" "$hostname" "$folder" "$image" "$namespace"
}

echo 0 >"$cgroup/supervisor/cgroup.procs" || exit 1
while make_network; do
  boot
  code=$?
  [ "$code" = 133 ] && continue
  # Should systemd-nspawn alone have died, the server goes with it.
  echo 1 >"$cgroup/machine/cgroup.kill"
  # Ended by itself and in order: it was switched off from inside, and stays off.
  [ "$code" = 0 ] && : >"$folder/switched-off"
  ip netns delete "$namespace"
  exit "$code"
done
`
