import { sh, type Shell } from '../shell/sh.ts'
import type { HeldPort, HostFacts } from '../stack/host-facts.ts'

/** Asks for everything in `HostFacts`. `address` is the one at which the neighbours reach the server. */
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
    ss -Hltnp | while read -r state received sent local peer users; do
      process=\${users#*\"}; process=\${process%%\"*}
      pid=\${users#*pid=}; pid=\${pid%%,*}
      unit=
      if [ -r "/proc/$pid/cgroup" ]; then
        while IFS=: read -r id controllers path; do
          case $controllers in ''|name=systemd) case $path in *.service) unit=\${path##*/} ;; esac ;; esac
        done <"/proc/$pid/cgroup"
      fi
      printf 'port\t%s\t%s\t%s\n' "$local" "$process" "$unit"
    done
  `
}

/**
 * Asks who holds an address, and who the peers are that may: their hardware addresses tell them apart. A datagram makes
 * the kernel ask (ARP), so no package is needed, and what it knew of the address before is not believed.
 */
export function askHolder(address: string, peers: readonly string[]): Shell {
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

/** Reads the answer. Missing figures become zero: an answer is never refused for a detail. */
export function readHost(answer: string, address: string): HostFacts {
  const rows = answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
  const first = (name: string): readonly string[] => rows.find(([key]) => key === name)?.slice(1) ?? []
  const all = (name: string): readonly (readonly string[])[] =>
    rows.filter(([key]) => key === name).map((row) => row.slice(1))
  const number = (name: string): number => Number(first(name)[0] ?? 0)
  const addresses = all('address').map(([networkInterface, cidr]) => readAddress(networkInterface!, cidr!))
  return {
    os: readSystem(first('os')),
    architecture: first('architecture')[0] ?? '',
    cores: number('cores'),
    memoryBytes: number('memory') * 1024,
    networkInterface: addresses.find((entry) => entry.address === address)?.interface ?? 'eth0',
    container: readContainer(first('container')),
    clockSeconds: number('clock'),
    diskFreeBytes: number('disk') * 1024,
    ports: all('port').map(([local, process, unit]) => readPort(local!, process!, unit)),
    addresses,
    neighbours: all('neighbour').map(([at, hardwareAddress]) => ({ address: at!, hardwareAddress: hardwareAddress! })),
  }
}

function readSystem([id = '', version = '', name = '']: readonly string[]): HostFacts['os'] {
  return { id, version, ...(name !== '' && { name }) }
}

/** One of the words of systemd-detect-virt(1); a server that says none, or something else, has not said what it is. */
const readContainer = ([word = '']: readonly string[]): string =>
  /^[a-z][a-z0-9-]{1,30}$/.test(word) ? word : 'unknown'

function readAddress(networkInterface: string, cidr: string): HostFacts['addresses'][number] {
  const [address, bits] = cidr.split('/')
  return { interface: networkInterface, address: address!, prefixLength: Number(bits) }
}

function readPort(local: string, process: string, unit: string | undefined): HeldPort {
  const colon = local.lastIndexOf(':')
  return {
    port: Number(local.slice(colon + 1)),
    address: local.slice(0, colon),
    process,
    ...(unit !== undefined && unit !== '' && { unit }),
  }
}
