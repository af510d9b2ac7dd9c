import { sh, type Shell } from '../shell/sh.ts'

/** Asks for everything in `HostFacts` (`stack/host-facts.ts`); `read-host.ts` reads the answer. */
export function askHost(): Shell {
  return sh`
    (. /etc/os-release; printf 'os\t%s\t%s\t%s\n' "$ID" "\${VERSION_ID:-}" "\${PRETTY_NAME:-}")
    printf 'architecture\t%s\n' "$(dpkg --print-architecture 2>/dev/null || uname -m)"
    printf 'container\t%s\n' "$(timeout 2 systemd-detect-virt --container)"
    printf 'cores\t%s\n' "$(nproc)"
    printf 'clock\t%s\n' "$(date +%s.%N)"
    while read -r key value unit; do
      case $key in MemTotal:) printf 'memory\t%s\n' "$value" ;; esac
    done </proc/meminfo
    df -Pk /var | { read -r header; read -r device size used free rest; printf 'disk\t%s\n' "$free"; }
    ip -4 -o addr show | while read -r index interface family cidr rest; do printf 'address\t%s\t%s\n' "$interface" "$cidr"; done
    # The folders are those of the database's user: their names are looked at, and a pipe in place of a file is not waited for.
    for file in /var/lib/postgresql/*/*/PG_VERSION; do
      folder=\${file%/PG_VERSION}
      case $folder in *[!A-Za-z0-9/._-]*) continue ;; esac
      [ -f "$file" ] || continue
      printf 'cluster\t%s\t%s\n' "$folder" \
        "$(timeout 1 sed -n "s/^cluster_name = '\([A-Za-z0-9_-]\{1,60\}\)'\$/\1/p" "$folder/postgresql.conf" 2>/dev/null | tail -n 1)"
    done
    # The port at which this very connection came in; behind sudo, only sshd's own ports are known.
    for port in "\${SSH_CONNECTION##* }" $(systemctl -q is-active ssh.socket && systemctl show -p Listen --value ssh.socket | grep -oE ':[0-9]+' | tr -d :); do
      case $port in '' | *[!0-9]*) ;; *) printf 'ssh\t%s\n' "$port" ;; esac
    done
    perl -e '
      # Any program may call itself anything, with line ends, too: only what begins like a row of ss is one, and the last number
      # that is said to be a process is the one that the kernel said.
      sub slurp { local $/; open my $file, "<", shift or return ""; <$file> // "" }
      my $said = do { local $/; open my $ss, "-|", "ss", "-Hltnp" or exit; <$ss> };
      for my $row (split /^(?=LISTEN +\d+ +\d+ +\S+:\d+ +\S+:\*)/m, $said) {
        my ($local) = $row =~ /^LISTEN +\d+ +\d+ +(\S+:\d+) / or next;
        my ($pid) = $row =~ /,pid=(\d+),fd=\d+\)\)\s*\z/;
        my ($name, $unit) = ("", "");
        if (defined $pid) {
          $name = slurp("/proc/$pid/comm");
          $name =~ s/\n\z//;
          $name =~ s/[^\w.+:\/@-]/?/g;
          ($unit) = slurp("/proc/$pid/cgroup") =~ m{^\d+:(?:name=systemd)?:(?:\S*/)?([^/\s]+\.service)$}m;
        }
        printf "port\t%s\t%s\t%s\n", $local, $name, $unit // "";
      }
    '
  `
}

/**
 * Asks who holds an address, and for the hardware addresses of the peers that may hold it. A datagram makes the kernel ask the
 * network (ARP), so no package is needed. What the kernel knew about the address before does not count.
 */
export function askAddressHolder(address: string, peers: readonly string[]): Shell {
  return sh`
    if [ -z "$(ip -4 -o addr show to ${`${address}/32`})" ]; then
      ip neigh flush to ${address}
      for each in ${[address, ...peers]}; do echo >"/dev/udp/$each/9"; done
      for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
        sleep 0.03
        case $(ip neigh show to ${address}) in *lladdr*) sleep 0.03; break ;; esac
      done
      for each in ${[address, ...peers]}; do
        ip neigh show to "$each" | while read -r at dev interface lladdr hardware rest; do
          [ "$lladdr" = lladdr ] && printf 'neighbour\t%s\t%s\n' "$at" "$hardware"
        done
      done
    fi
  `
}
