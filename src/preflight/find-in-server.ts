import type { Component, Listening } from '../components/component.ts'
import type { HeldPort, HostFacts } from '../stack/host-facts.ts'
import type { Server, Stack } from '../stack/stack.ts'
import type { Finding, ReachedServer } from './finding.ts'
import { formatBytes } from '../speech/format-bytes.ts'
import { trimaran } from '../speech/suggested-command.ts'

/**
 * The findings about one server. `container` is the kind of container that the servers are known to be, as in a lab.
 */
export function findInServer(
  report: ReachedServer,
  server: Server,
  around: Omit<Context, 'server'>,
): readonly Finding[] {
  return [...Object.values(checks), checkOwner, checkKey, checkDoubts, checkStackState, checkUnitFiles, checkTrees]
    .flatMap((check) => (typeof check === 'string' ? [] : check(report, { ...around, server })))
    .map((finding) => ({ ...finding, server: server.name }))
}

interface Context {
  readonly server: Server
  readonly stack: Stack
  readonly components: readonly Component[]
  /** The kind of container that these servers are by nature, where they are. */
  readonly container?: string
}

type Check = (report: ReachedServer, context: Context) => readonly Finding[]

const megabyte = 1024 ** 2
const gigabyte = 1024 ** 3

/** The check of each fact of a server: the compiler asks for one for every fact. */
const checks: Readonly<Record<keyof HostFacts, Check | 'beside other servers' | 'for tuning'>> = {
  os: ({ os, architecture }) => [checkSystem(os, architecture)],
  architecture: 'for tuning',
  memoryBytes: ({ memoryBytes }) => [checkMemory(memoryBytes)],
  diskFreeBytes: ({ diskFreeBytes }) => [checkDisk(diskFreeBytes)],
  container: (report, context) => checkContainer(report.container, context.container),
  ports: checkPorts,
  clusters: checkClusters,
  clockSeconds: 'beside other servers',
  addresses: 'beside other servers',
  neighbours: 'beside other servers',
  networkInterface: 'for tuning',
  sshPorts: 'for tuning',
  cores: 'for tuning',
}

const reasons: Readonly<Record<string, string>> = {
  'debian 12':
    'Its Patroni 3.0.2 loses acknowledged writes: after a network fault, the old primary becomes primary again and ' +
    'discards what the new one had accepted (fixed in 3.0.3)',
  'debian 11': 'Its HAProxy, PostgreSQL and Patroni are older than the versions that Trimaran was tested with',
}

function checkSystem(os: ReachedServer['os'], architecture: string): Finding {
  const name = os.name ?? `${os.id} ${os.version}`
  if (os.id !== 'debian' || os.version !== '13') {
    return {
      level: 'problem',
      what: `${name}, and Trimaran needs Debian 13`,
      why: reasons[`${os.id} ${os.version}`] ?? 'Trimaran sets up, and was tested with, the packages of Debian 13',
      next:
        os.id === 'debian' && Number(os.version) < 13
          ? 'upgrade it to Debian 13, or name another server'
          : 'name a server with Debian 13',
    }
  }
  if (architecture === 'amd64' || architecture === 'arm64') return { level: 'ok', what: `Debian 13 on ${architecture}` }
  return {
    level: 'warning',
    what: `an untested architecture, ${architecture}`,
    why: 'Debian has every package for it, but Node.js may have no download for it',
    next: 'rehearse with one such server first',
  }
}

function checkMemory(bytes: number): Finding {
  const size = `${Math.round(bytes / megabyte)} MB`
  if (bytes >= 400 * megabyte) return { level: 'ok', what: `${size} of memory` }
  return {
    level: 'problem',
    what: `${size} of memory, and 400 MB is the least`,
    why: 'With less, Debian would kill services that must stay',
    next: 'give it more memory',
  }
}

function checkDisk(free: number): Finding {
  if (free >= 2 * gigabyte) return { level: 'ok', what: `${formatBytes(free)} of disk are free` }
  return {
    level: free < 500 * megabyte ? 'problem' : 'warning',
    what: `only ${formatBytes(free)} of disk are free`,
    why: 'Packages, releases and logs need space: at least 500 MB, better 2 GB',
    next: '`apt-get clean` and `journalctl --vacuum-size=200M` often free some',
  }
}

function checkContainer(container: string, known: string | undefined): readonly Finding[] {
  if (container === 'none') return [{ level: 'ok', what: 'a kernel of its own' }]
  if (container === known) return [{ level: 'ok', what: `a container (${container}), as expected` }]
  if (container === 'unknown')
    return [
      {
        level: 'warning',
        what: 'whether it is a container is unknown',
        why: '`systemd-detect-virt --container` gave no answer there; in a container, kernel settings belong to its host',
        next: 'run it there',
      },
    ]
  return [
    {
      level: 'warning',
      what: `a container (${container}), not a separate machine`,
      why: 'Kernel settings belong to its host and stay as they are, and servers on one host fail together',
      next: 'a virtual machine is the safer choice; everything else works in a container, too',
    },
  ]
}

function checkOwner({ stack: owner }: ReachedServer, { stack: { name } }: Context): readonly Finding[] {
  if (owner === undefined) return [{ level: 'ok', what: 'no other stack is on it' }]
  if (owner === name) return [{ level: 'ok', what: 'belongs to this stack already' }]
  return [
    {
      level: 'problem',
      what: `belongs to another stack already, ${owner}`,
      why: `Two stacks would change each other's files on it`,
      next: `name another server, or run ${trimaran('down')} for ${owner} first`,
    },
  ]
}

function checkKey({ stack: owner, hasOtherKey }: ReachedServer, { stack: { name } }: Context): readonly Finding[] {
  if (owner !== name || hasOtherKey !== true) return []
  return [
    {
      level: 'problem',
      what: 'set up with another stack key than the one here',
      why: 'Internal passwords derive from it: with another key, the app could no longer log in to its database',
      next:
        'restore the `.trimaran/key` that the stack was set up with, or set TRIMARAN_KEY to it; ' +
        `start a lab again with ${trimaran('lab down')}`,
    },
  ]
}

/** A sound server never sends this; it had no effect. */
function checkDoubts({ doubts = [] }: ReachedServer): readonly Finding[] {
  return doubts.map((what) => ({
    level: 'warning',
    what,
    why: 'It is not believed: nothing is done because of it, and what it names counts as absent',
    next: `find out who changed something there as root; ${trimaran('up')} restores what Trimaran placed`,
  }))
}

/** With another stack key the copy is signed with that; that is a finding of its own. */
function checkStackState({ refusedStackState, hasOtherKey }: ReachedServer): readonly Finding[] {
  if (refusedStackState === undefined || hasOtherKey === true) return []
  return [
    {
      level: 'warning',
      what: `its copy of the stack state ${refusedStackState}, and is not used`,
      why: 'It was written there by root, without the stack key',
      next: `find out who was root there; ${trimaran('up')} replaces it with the copy of another server`,
    },
  ]
}

/**
 * One finding for each port that something else uses, or one that all are free. The same software counts, too, if it
 * was set up by others: Trimaran does not touch what it did not place.
 */
function checkPorts({ ports, placed }: ReachedServer, { server, stack, components }: Context): readonly Finding[] {
  const wanted = components
    .filter((component) => component.belongsOn(server, stack))
    .flatMap((component) => component.listens(server, stack).map((one) => ({ ...one, component: component.name })))
  const taken = wanted.flatMap(({ port, component, reach }): readonly Finding[] => {
    const ours = wanted.filter((one) => one.port === port && placed.includes(one.component)).map(({ unit }) => unit)
    const occupant = ports.find(
      (held) => held.port === port && collides(held, reach) && !ours.includes(held.unit ?? ''),
    )
    if (occupant === undefined) return []
    const who = occupant.unit === undefined ? occupant.process : `${occupant.process} (${occupant.unit})`
    return [
      {
        level: 'problem',
        what: `port ${port}, which ${component} needs, is in use by ${who}`,
        why: 'Trimaran does not touch what it did not place',
        next: freePort(occupant),
      },
    ]
  })
  return taken.length > 0 ? taken : [{ level: 'ok', what: 'the ports that it needs are free' }]
}

/** Patroni would adopt a database in its folder, and could neither lead nor follow with it. One that it made for this stack is welcome. */
function checkClusters(
  { clusters, placed }: ReachedServer,
  { server, stack, components }: Context,
): readonly Finding[] {
  const newcomers = components.filter(
    (component) => component.belongsOn(server, stack) && !placed.includes(component.name),
  )
  const foreign = clusters.find(
    ({ folder, name }) => name !== stack.name && newcomers.some(({ owns }) => owns?.data === folder),
  )
  if (foreign === undefined) return []
  const owner = foreign.name === undefined ? '' : `, of ${foreign.name}`
  return [
    {
      level: 'problem',
      what: `a PostgreSQL database is in ${foreign.folder} already${owner}`,
      why: 'Trimaran makes a database of its own in that folder, and does not touch one that it did not make',
      next: `save its data with \`pg_dump\`, stop it, and move the folder away: \`mv ${foreign.folder} ${foreign.folder}.before\``,
    },
  ]
}

/** The processes that keep the server reachable. */
const waysIn: ReadonlySet<string> = new Set(['ssh.service', 'ssh.socket', 'sshd.service', 'sshd.socket'])

function freePort({ port, process, unit }: HeldPort): string {
  if (unit === undefined ? /^sshd?\b/.test(process) : waysIn.has(unit) || unit.startsWith('ssh@'))
    return 'move SSH to another port: `Port` in sshd_config there, and in your SSH config here'
  // A socket that systemd holds for a service has no process to stop.
  if (unit === undefined && (process === 'systemd' || process === ''))
    return `\`ss -ltnp sport = :${port}\` and \`systemctl list-sockets\` there say what it belongs to`
  return unit === undefined ? `end ${process} there` : `\`systemctl disable --now ${unit}\` there`
}

/**
 * A listener on loopback conflicts with one on all addresses, and the reverse; IPv6-only listeners conflict with none.
 */
function collides(held: Pick<HeldPort, 'address'>, reach: Listening['reach']): boolean {
  const address = held.address.replace(/^\[::ffff:(.*)\]$/, '$1')
  if (address === '[::1]') return false
  return reach === 'network' || ['*', '0.0.0.0', '[::]'].includes(address) || address.startsWith('127.')
}

/** Trimaran does not touch what it did not place; but the file may be forgotten, or from an attacker. */
function checkUnitFiles({ foreignUnitFiles = [] }: ReachedServer): readonly Finding[] {
  return foreignUnitFiles.map((path) => ({
    level: 'warning',
    what: `${path} changes how a unit of Trimaran runs, and is not Trimaran's`,
    why: 'It may break other parts. Trimaran does not touch what it did not place',
    next: `\`systemctl cat ${unitOfFile(path)}\` there shows what it does; without it: \`rm ${path} && systemctl daemon-reload\``,
  }))
}

/** The plan also fixes what runs; changes in older releases are reported only here. */
function checkTrees({ changedTrees = [] }: ReachedServer): readonly Finding[] {
  return changedTrees.map(({ path, names }) => ({
    level: 'warning',
    what: `${path} was changed by hand: ${names.join(', ')}`,
    why: 'Its content differs from the release. Only root could change it',
    next: `${trimaran('up')} restores what runs; an older release is restored before ${trimaran('rollback')} starts it`,
  }))
}

const unitOfFile = (path: string): string =>
  path
    .split('/')
    .find((part) => /\.(service|target|timer)(\.d)?$/.test(part))
    ?.replace(/\.d$/, '') ?? 'UNIT'
