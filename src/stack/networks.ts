import ipaddr from 'ipaddr.js'

/** Whether it is an IPv4 address: where nobody was asked yet, as by `explain`, a server goes by its SSH destination. */
export const isAddress = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(text)

/** Whether an IPv4 address lies in the network of another one with its prefix length. */
export function isInNetwork(address: string, other: string, prefixLength: number): boolean {
  const size = 2 ** (32 - prefixLength)
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(other) / size)
}

/** NaN, which is in no network, for anything but an IPv4 address. */
function toNumber(address: string): number {
  const parts = address.split('.').map(Number)
  return parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + part, 0) : Number.NaN
}

/** Whether an address is one of these, or in one of these networks. */
export function isAmong(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const one = ipaddr.parse(address)
  return networks.some((network) => {
    if (!(network.includes('/') ? ipaddr.isValidCIDR(network) : ipaddr.isValid(network))) return false
    const [base, length] = ipaddr.parseCIDR(
      network.includes('/') ? network : `${network}/${one.kind() === 'ipv4' ? 32 : 128}`,
    )
    return base.kind() === one.kind() && one.match([base, length] as [ipaddr.IPv4, number])
  })
}
