import { isAddress } from '../../stack/networks.ts'
import { callersOf, type Link, linksAcceptedBy, type Server, type Stack } from '../../stack/stack.ts'

/** A port that is closed to everybody but these addresses. */
export interface Guarded {
  readonly port: number
  readonly addresses: readonly string[]
}

/**
 * All ports but two: port 80 of a balancer is open to everybody, and SSH stays open so that a wrong rule cannot lock an
 * operator out.
 */
const isGuarded = ({ from, component, protocol }: Link): boolean =>
  protocol === 'tcp' && from !== 'visitors' && component !== 'sshd'

/**
 * The guarded ports of a server, and who may connect to each: exactly what the links say. A name is not an address: nft
 * would have to resolve it.
 */
export function guardedPorts(stack: Pick<Stack, 'servers' | 'links'>, server: Server): readonly Guarded[] {
  const links = linksAcceptedBy(stack, server).filter(isGuarded)
  const ports = [...new Set(links.flatMap((link) => link.ports))].toSorted((a, b) => a - b)
  return ports.map((port) => ({
    port,
    addresses: [
      ...new Set(
        links
          .filter((link) => link.ports.includes(port))
          .flatMap((link) => callersOf(stack, link).map((one) => one.address)),
      ),
    ]
      .filter(isAddress)
      .toSorted(),
  }))
}
