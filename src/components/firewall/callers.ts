import { callersOf, linksAcceptedBy, type Server, type Stack } from '../../stack/stack.ts'

/** A port that is closed to everybody but these addresses. */
export interface Guarded {
  readonly port: number
  readonly addresses: readonly string[]
}

/** The components whose links are all that reaches them. The others are still open to whoever finds a way to them. */
const covered: ReadonlySet<string> = new Set(['etcd', 'patroni', 'app'])

/** Which ports of a server are guarded, and who may connect to each: what the links say, and nothing else. */
export function guardedPorts(stack: Pick<Stack, 'servers' | 'links'>, server: Server): readonly Guarded[] {
  const links = linksAcceptedBy(stack, server).filter(
    ({ component, protocol }) => covered.has(component) && protocol === 'tcp',
  )
  const ports = [...new Set(links.flatMap((link) => link.ports))].toSorted((a, b) => a - b)
  return ports.map((port) => ({
    port,
    addresses: [
      ...new Set(
        links
          .filter((link) => link.ports.includes(port))
          .flatMap((link) => callersOf(stack, link).map((one) => one.address)),
      ),
    ].toSorted(),
  }))
}
