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
