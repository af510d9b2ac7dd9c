/** What a server reports about itself, apart from what Trimaran placed there. */
export interface HostFacts extends ServerFacts {
  readonly os: SystemName
  /** The kind of container that it is, as `systemd-detect-virt --container` says: `lxc`, `docker`; `none` for a machine. */
  readonly container: string
  /** Seconds since 1970 by the server's own clock, while it answered. */
  readonly clockSeconds: number
  readonly diskFreeBytes: number
  readonly ports: readonly HeldPort[]
  /** The databases of PostgreSQL whose files are there, whether they run or not. */
  readonly clusters: readonly DatabaseCluster[]
  /** Which machines answered at the addresses that were asked for, with their hardware addresses. */
  readonly neighbours: readonly Neighbour[]
}

/** What tuning may look at. The stated size of a server wins over what it reports itself. */
export interface ServerFacts {
  readonly cores: number
  readonly memoryBytes: number
  /** The network interface that holds the server's address. */
  readonly networkInterface: string
  /** As Debian calls it: `amd64`, `arm64`. */
  readonly architecture: string
  /** Where it lets SSH in; empty where that could not be told. */
  readonly sshPorts: readonly number[]
  /** All IPv4 addresses that it has. */
  readonly addresses: readonly HeldAddress[]
}

/** `debian`, `13`, and the name it gives itself: `Debian GNU/Linux 13 (trixie)`. */
export interface SystemName {
  readonly id: string
  readonly version: string
  readonly name?: string
}

export interface HeldAddress {
  readonly interface: string
  readonly address: string
  /** Bits of its network's prefix, 24 for `/24`. */
  readonly prefixLength: number
}

/** A TCP port that something listens on. */
export interface HeldPort {
  readonly port: number
  /** As `ss` writes it: `127.0.0.1`, `[::1]`, `198.18.0.11`; `*`, `0.0.0.0` and `[::]` are all of them. */
  readonly address: string
  readonly process: string
  /** The systemd unit of that process, where it has one. */
  readonly unit?: string
}

/** A PostgreSQL with files of its own: https://www.postgresql.org/docs/17/creating-cluster.html */
export interface DatabaseCluster {
  /** `/var/lib/postgresql/17/main` */
  readonly folder: string
  /** What it is called in `cluster_name`: the name of the stack, where Patroni made it for one. */
  readonly name?: string
}

export interface Neighbour {
  readonly address: string
  readonly hardwareAddress: string
}
