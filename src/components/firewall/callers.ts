import { isAddress } from '../../stack/networks.ts'
import { callersOf, type Link, linksAcceptedBy, type Server, type Stack } from '../../stack/stack.ts'

/** A port that is closed to everybody but these addresses. */
export interface Guarded {
  readonly port: number
  readonly addresses: readonly string[]
}

/**
 * All but two: port 80 of a balancer is for everybody, and a rule that is wrong must not lock an operator out, who comes by
 * SSH from anywhere.
 */
const isGuarded = ({ from, component, protocol }: Link): boolean =>
  protocol === 'tcp' && from !== 'visitors' && component !== 'sshd'

/** Which ports of a server are guarded, and who may connect to each: what the links say, and nothing else. A name is no address: nft would ask for it. */
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
