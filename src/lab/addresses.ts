import { failure } from '../errors/failure.ts'

/** Every lab uses 198.18.0.0/15, reserved for tests of networks (RFC 2544): no real host has such an address. */
export const labRange = '198.18.0.0/15'

/** One lab's /24, told by its third number: subnet 7 is 198.18.7.0/24. */
export type SubnetNumber = number

export const subnetNumbers: readonly SubnetNumber[] = Array.from({ length: 254 }, (_, index) => index)

export const subnetOf = (subnet: SubnetNumber): string => `198.18.${subnet}.0/24`

export const addressOf = (subnet: SubnetNumber, host: number): string => `198.18.${subnet}.${host}`

/** The bridge has the first address; it is the only one of the computer that a lab can see. */
export const bridgeAddressOf = (subnet: SubnetNumber): string => addressOf(subnet, 1)

/** Names of links are at most 15 characters long, so they tell the subnet, not the lab; an alias tells the lab. */
export const bridgeOf = (subnet: SubnetNumber): string => `tri${subnet}`

export const linkOf = (subnet: SubnetNumber, host: number): string => `tri${subnet}-${host}`

export const namespaceOf = (subnet: SubnetNumber, server: string): string => `tri${subnet}-${server}`

/** The same on every boot, as a network card's is. */
export function hardwareAddressOf(subnet: SubnetNumber, host: number): string {
  return ['02', '54', '52', '49', hex(subnet), hex(host)].join(':')
}

/**
 * Checks that a name can be used for files, cgroups, firewall tables and machines.
 * @throws TRI-LAB-004
 */
export function checkLabName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,30}$/.test(name)) return
  throw failure('TRI-LAB-004', {
    what: `“${name}” cannot be the name of a lab`,
    why: 'A name begins with a lower-case letter and has at most 31 lower-case letters, digits and hyphens',
    next: 'choose another name for the stack',
  })
}

/**
 * Checks that the servers can be in one lab.
 * @throws TRI-LAB-004
 */
export function checkServers(servers: readonly { readonly name: string; readonly host: number }[]): void {
  const mistakes = [
    ...servers
      .filter(({ name }) => !/^[a-z][a-z0-9-]{0,30}$/.test(name))
      .map(({ name }) => `“${name}” cannot be the name of a server`),
    ...servers
      .filter(({ host }) => !Number.isInteger(host) || host < 2 || host > 254)
      .map(({ name, host }) => `${name}: ${host} is not between 2 and 254`),
    ...repeated(servers.map(({ name }) => name)).map((name) => `${name} is named twice`),
    ...repeated(servers.map(({ host }) => host)).map((host) => `the address .${host} is given twice`),
  ]
  if (mistakes.length === 0) return
  throw failure('TRI-LAB-004', { what: 'These servers cannot make a lab', why: mistakes.join('\n') })
}

const hex = (number: number): string => number.toString(16).padStart(2, '0')

const repeated = <T>(values: readonly T[]): readonly T[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
]
