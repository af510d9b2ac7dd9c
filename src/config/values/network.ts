import ipaddr from 'ipaddr.js'
import type { Check, Objection } from './objection.ts'

/** Why an address cannot be a server's own, by its range. */
const unusable: Readonly<Record<string, string>> = {
  unspecified: 'it means "no address"',
  broadcast: 'it is the broadcast address of every network',
  multicast: 'it is a multicast address, which no server can have',
  loopback: 'it is a loopback address, which every server has for itself',
}

/** Objects to what is not one server's IPv4 address. */
export const checkAddress: Check = (value) => {
  const [address = '', prefix] = value.split('/')
  if (prefix !== undefined && ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return { reason: 'a server has an address without a prefix length', suggestion: `write '${address}'` }
  }
  return checkHost(value)
}

/** Objects to what is not an IPv4 address that a balancer can hold, with its network's prefix length. */
export const checkVirtualAddress: Check = (value) => {
  const [address = '', prefix, ...rest] = value.split('/')
  const objection = checkHost(address)
  if (objection !== undefined) return objection
  if (prefix === undefined) {
    return {
      reason: 'it lacks the prefix length of its network',
      suggestion: `write '${address}/24' in a network of 254 addresses`,
    }
  }
  if (rest.length > 0 || !/^\d{1,2}$/.test(prefix) || Number(prefix) < 1 || Number(prefix) > 32) {
    return notAPrefix([prefix, ...rest].join('/'), 1)
  }
  return checkPlaceInNetwork(address, Number(prefix))
}

/** Objects to what is neither an IPv4 address nor a network of such: what requests may come from. */
export const checkSource: Check = (value) => {
  const [address = '', prefix, ...rest] = value.split('/')
  if (ipaddr.IPv6.isValid(address)) return { reason: 'it is IPv6; only IPv4 is used here' }
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return { reason: notFourParts(address) }
  if (prefix === undefined) return undefined
  if (rest.length > 0 || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32)
    return notAPrefix([prefix, ...rest].join('/'), 0)
  const network = ipaddr.IPv4.networkAddressFromCIDR(value).toString()
  if (network === address) return undefined
  return {
    reason: `it is an address within the network ${network}/${prefix}`,
    suggestion: `write '${network}/${prefix}'`,
  }
}

/** The same, and IPv6: what SSH may come from. */
export const checkOperators: Check = (value) => {
  const [address = '', prefix] = value.split('/')
  if (!ipaddr.IPv6.isValid(address)) return checkSource(value)
  if (prefix === undefined) return undefined
  if (!ipaddr.IPv6.isValidCIDR(value))
    return { reason: `/${prefix} is not a prefix length; one is a number from 0 to 128` }
  const network = ipaddr.IPv6.networkAddressFromCIDR(value).toString()
  if (network === ipaddr.IPv6.parse(address).toString()) return undefined
  return {
    reason: `it is an address within the network ${network}/${prefix}`,
    suggestion: `write '${network}/${prefix}'`,
  }
}

/** The widest network that one operator may own: a /8, of which there are 256. */
const widestOfProxies = 8

/** Refuses a network that cannot be one of the user's proxies: connections from there may state the visitor's address. */
export const checkProxyAddress: Check = (value) => {
  const objection = checkSource(value)
  if (objection !== undefined) return objection
  const [, prefix = '32'] = value.split('/')
  if (Number(prefix) >= widestOfProxies) return undefined
  return {
    reason:
      Number(prefix) === 0
        ? 'that is everybody, and anybody could then forge a visitor address'
        : `a /${prefix} is a large part of the internet, and all of it could then forge a visitor address`,
    suggestion: 'name only the addresses of your proxies',
  }
}

const notAPrefix = (text: string, least: number): Objection => ({
  reason: `/${text} is not a prefix length; one is a number from ${least} to 32`,
})

function checkHost(value: string): Objection | undefined {
  if (ipaddr.IPv6.isValid(value)) return { reason: 'it is an IPv6 address; only IPv4 is used here' }
  if (!ipaddr.IPv4.isValidFourPartDecimal(value)) return { reason: notFourParts(value) }
  const reason = unusable[ipaddr.IPv4.parse(value).range()]
  return reason === undefined ? undefined : { reason }
}

function notFourParts(value: string): string {
  if (/[a-z]/i.test(value)) return 'it is a name; an IPv4 address is needed here'
  const tooBig = value.split('.').find((part) => /^\d+$/.test(part) && Number(part) > 255)
  if (tooBig !== undefined) return `${tooBig} is too much; each part of an IPv4 address is at most 255`
  return 'it is not an IPv4 address, four numbers with dots in between'
}

/** A /31 and a /32 have no network and no broadcast address of their own (RFC 3021). */
function checkPlaceInNetwork(address: string, prefixLength: number): Objection | undefined {
  if (prefixLength > 30) return undefined
  const cidr = `${address}/${prefixLength}`
  const suggestion = 'name an address that no other computer in that network has'
  if (ipaddr.IPv4.networkAddressFromCIDR(cidr).toString() === address) {
    return { reason: `it is the address of the network ${cidr} itself`, suggestion }
  }
  if (ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString() === address) {
    return { reason: `it is the broadcast address of its /${prefixLength} network`, suggestion }
  }
  return undefined
}
