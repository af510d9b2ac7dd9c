import type { HeldAddress } from '../stack/host-facts.ts'
import { type Server, serversOf, type Stack, type VirtualAddress } from '../stack/stack.ts'
import { ownCopies } from '../stack/tiers/app.ts'
import { sharedMachines } from '../explain/shared-machines.ts'
import { singlePointsOfFailure } from '../explain/single-points.ts'
import { listNames } from '../explain/text.ts'
import type { Finding, ReachedServer } from './finding.ts'
import { isInNetwork } from '../stack/networks.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** Findings about several servers: their clocks, the balancers' network, machines that are named twice. */
export function findInStack(stack: Stack, reached: readonly ReachedServer[]): readonly Finding[] {
  return [
    ...checkMachines(stack),
    ...checkClocks(reached),
    ...checkVirtualAddress(stack, reached),
    ...checkAddresses(stack, reached),
    ...checkSinglePoints(stack),
    ...checkWritable(stack),
  ]
}

function checkMachines(stack: Stack): readonly Finding[] {
  return sharedMachines(stack).map(({ machine, servers }) => ({
    level: 'problem',
    what: `${listNames(servers.map(({ name }) => name))} are the same machine, ${machine}`,
    why: 'A machine runs one server; two would conflict, and fail together',
    next: `name another machine for ${listNames(servers.slice(1).map(({ name }) => name))}`,
  }))
}

const mostClockOffset = 1

/** Compared with each other where several answered: a wrong clock of the operator's computer does no harm. */
function checkClocks(reached: readonly ReachedServer[]): readonly Finding[] {
  const clocks = reached.flatMap(({ server, clockOffsetSeconds: offset }) =>
    offset === undefined ? [] : [{ server, offset }],
  )
  if (clocks.length === 0) return []
  const middle = clocks.map(({ offset }) => offset).toSorted((a, b) => a - b)[Math.floor((clocks.length - 1) / 2)]!
  const wrong = clocks.filter(({ offset }) => Math.abs(offset - middle) > mostClockOffset)
  if (wrong.length > 0)
    return wrong.map(({ server, offset }) => clockFinding(server, offset - middle, 'most other servers'))
  if (Math.abs(middle) <= mostClockOffset) return [{ level: 'ok', what: 'The clocks agree' }]
  const { level, what, why, next } = clockFinding('', middle, 'this computer')
  return [{ level, what: what.replace('the clock is', 'The clocks of all servers are'), why: why!, next: next! }]
}

function clockFinding(server: string, offset: number, reference: string): Finding {
  const seconds = `${Math.abs(offset).toFixed(1)} s`
  return {
    level: 'warning',
    server,
    what: `the clock is ${seconds} ${offset > 0 ? 'ahead of' : 'behind'} that of ${reference}`,
    why: 'Logs of different servers cannot be compared, and certificates may seem invalid',
    next: `\`timedatectl\` on the servers shows whether the clock is synchronised; ${trimaran('up')} sets chrony up`,
  }
}

/** Neighbours accept a server by its address: with a wrong one, they would refuse it. */
function checkAddresses(stack: Stack, reached: readonly ReachedServer[]): readonly Finding[] {
  return stack.servers.flatMap(({ name, address }): readonly Finding[] => {
    const addresses = networkAddresses(reached.find(({ server }) => server === name)?.addresses ?? [])
    if (addresses.length === 0 || addresses.some((own) => own.address === address)) return []
    const known = addresses.map((own) => own.address)
    return [
      {
        level: 'problem',
        server: name,
        what: `it does not have the address ${address}`,
        why: `It has ${listNames(known)}. Its neighbours accept it, and connect to it, by its address in their network`,
        next: `state the one of their common network: { ssh: '…', address: '${known[0]}' }`,
      },
    ]
  })
}

const networkAddresses = (addresses: readonly HeldAddress[]): readonly HeldAddress[] =>
  addresses.filter((own) => own.interface !== 'lo')

/** VRRP moves an address within one network: every balancer needs an interface in it. */
function checkVirtualAddress(stack: Stack, reached: readonly ReachedServer[]): readonly Finding[] {
  const virtual = stack.virtualAddress
  if (virtual === undefined) return []
  const owned = ownedFindings(stack, reached, virtual)
  if (owned.length > 0 || virtual.move !== undefined) return owned
  const balancers = serversOf(stack, 'balancer')
  const reports = reached.filter(({ server }) => balancers.some(({ name }) => name === server))
  const strangers = reports.filter((report) => !report.addresses.some((own) => reaches(own, virtual.address)))
  if (strangers.length > 0) return strangers.map((report) => strangerFinding(report, virtual))
  const taken = takenFinding(reached, reports, virtual, balancers)
  if (taken !== undefined) return [taken]
  const narrow = reports.flatMap((report) => prefixFinding(report, virtual))
  if (narrow.length > 0) return narrow
  return reports.length === 0 ? [] : [{ level: 'ok', what: `${virtual.address} can move between the balancers` }]
}

/** A server's own address, or its name's: it would stay there when it should move. */
function ownedFindings(
  stack: Stack,
  reached: readonly ReachedServer[],
  { address }: VirtualAddress,
): readonly Finding[] {
  return stack.servers.flatMap((server): readonly Finding[] => {
    const report = reached.find((one) => one.server === server.name)
    const isHolder = server.tier === 'balancer' && report?.placed.includes('keepalived') === true
    const hasIt = !isHolder && report?.addresses.some((own) => own.address === address) === true
    if (server.address !== address && !hasIt) return []
    return [
      {
        level: 'problem',
        server: server.name,
        what: `the virtual address ${address} is its own address`,
        why: 'A virtual address moves between the balancers, so no server may have it as its own',
        next: 'name an address of the same network that is free',
      },
    ]
  })
}

/** With a wrong prefix, a balancer would look for neighbours outside of its network. */
function prefixFinding(
  { server, addresses }: ReachedServer,
  { address, prefixLength }: VirtualAddress,
): readonly Finding[] {
  const networks = networkAddresses(addresses).filter((own) => own.address !== address && reaches(own, address))
  const [own] = networks
  if (own === undefined || networks.some((one) => one.prefixLength === prefixLength)) return []
  return [
    {
      level: 'warning',
      server,
      what: `the virtual address is ${address}/${prefixLength}, and the network on ${own.interface} is /${own.prefixLength}`,
      why: 'The balancer that holds it would treat wrong addresses as its neighbours',
      next: `virtualAddress: '${address}/${own.prefixLength}'`,
    },
  ]
}

function strangerFinding({ server, addresses }: ReachedServer, { address, prefixLength }: VirtualAddress): Finding {
  const networks = networkAddresses(addresses).map((own) => `${own.address}/${own.prefixLength} on ${own.interface}`)
  return {
    level: 'problem',
    server,
    what: `the virtual address ${address} is not in its network`,
    why:
      `It has ${networks.length === 0 ? 'no IPv4 address' : listNames(networks)}, and an address can only move between ` +
      'servers of one network',
    next: `where the provider moves addresses: virtualAddress: { address: '${address}/${prefixLength}', move: './move-address.sh' }`,
  }
}

/** Another machine that answers at the address would go on answering. */
function takenFinding(
  reached: readonly ReachedServer[],
  reports: readonly ReachedServer[],
  { address }: VirtualAddress,
  balancers: readonly Server[],
): Finding | undefined {
  if (reached.some(({ addresses }) => addresses.some((own) => own.address === address))) return undefined
  // An unreachable balancer may hold it, with an unknown hardware address.
  const isSetUp = reports.some(({ placed }) => placed.length > 0)
  if (isSetUp && reports.length < balancers.length) return undefined
  for (const { server, neighbours } of reports) {
    const holder = neighbours.find((each) => each.address === address)?.hardwareAddress
    const known = neighbours.filter((each) => balancers.some((balancer) => balancer.address === each.address))
    if (holder === undefined || known.some(({ hardwareAddress }) => hardwareAddress === holder)) continue
    return {
      level: 'problem',
      server,
      what: `the virtual address ${address} is in use: another machine answers there`,
      why: `Its hardware address is ${holder}. With two holders, visitors would reach either of them at random`,
      next: 'use a free address of this network, or remove it from that machine',
    }
  }
  return undefined
}

const reaches = (own: HeldAddress, address: string): boolean => isInNetwork(address, own.address, own.prefixLength)

function checkWritable(stack: Stack): readonly Finding[] {
  const copies = ownCopies(stack)
  return copies === undefined ? [] : [{ level: 'warning', ...copies }]
}

function checkSinglePoints(stack: Stack): readonly Finding[] {
  const shared = sharedMachines(stack).map(({ machine }) => machine)
  // A machine that is named twice is a finding of its own.
  const points = singlePointsOfFailure(stack).filter(({ what }) => !shared.includes(what))
  if (points.length === 0) return [{ level: 'ok', what: 'No single point of failure among the servers' }]
  return points.map(({ what, servers, consequence, change, cost }) => ({
    level: 'warning',
    what: servers.length === 1 ? `${what} is a single point of failure` : `${what} are single points of failure`,
    why: consequence.replace(/\.$/, ''),
    next: `${change} removes it, for ${cost}`,
  }))
}
