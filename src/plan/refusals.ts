import type { Blueprint } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import type { HeldPort } from '../observation/host-facts.ts'
import type { Observation } from '../observation/observation.ts'
import type { Stack } from '../stack/stack.ts'
import type { Refusal } from './plan.ts'

const leastFreeBytes = 300 * 1024 ** 2

/** What stands in the way on one server: nothing is changed anywhere until it is gone. */
export function findRefusals(
  stack: Stack,
  blueprint: Blueprint,
  observation: Observation,
  components: readonly Component[],
): readonly Refusal[] {
  const { server } = blueprint
  if (blueprint.parts.length === 0) return []
  const refuse = (what: string, next: string): Refusal => ({ server: server.name, what, next })
  const { host } = observation
  return [
    ...(observation.stack !== undefined && observation.stack !== stack.name
      ? [
          refuse(
            `belongs to the stack ${observation.stack}`,
            `take it out of that stack's file and run \`trimaran up\` there, or name another server here`,
          ),
        ]
      : []),
    ...(host.os.id === 'debian' && host.os.version === '13'
      ? []
      : [
          refuse(
            `runs ${host.os.id || 'an unknown system'} ${host.os.version}; Trimaran supports Debian 13`,
            host.os.version === '12'
              ? "install Debian 13: Debian 12's Patroni 3.0.2 loses acknowledged writes when a partition heals"
              : 'install Debian 13 (trixie) on it',
          ),
        ]),
    ...(host.diskFreeBytes < leastFreeBytes && host.diskTotalBytes > 0
      ? [
          refuse(
            `has ${Math.floor(host.diskFreeBytes / 1024 ** 2)} MB of disk left below /var; at least 300 MB are needed`,
            `make room: \`trimaran exec ${server.name} -- du -xh --max-depth=2 /var\` shows what fills it`,
          ),
        ]
      : []),
    ...conflictingPorts(stack, blueprint, observation, components).map(({ port, process, unit }) =>
      refuse(
        `port ${port} is already taken by ${process}${unit === undefined ? '' : ` (${unit})`}`,
        unit === undefined
          ? `find and stop it on the server: \`ss -ltnp sport = :${port}\``
          : `stop it, if nothing else needs it: \`trimaran exec ${server.name} -- systemctl disable --now ${unit}\``,
      ),
    ),
  ]
}

/** Ports that a component needs and that something else holds, or that the same software holds but not by our doing. */
function conflictingPorts(
  stack: Stack,
  { server }: Blueprint,
  { host, manifest }: Observation,
  components: readonly Component[],
): readonly HeldPort[] {
  return components
    .filter((component) => component.belongsOn(server, stack))
    .flatMap((component) => {
      const isOurs = manifest.some((line) => line.startsWith(`${component.name} `))
      return component.listens(server, stack).flatMap(({ port, unit }) => {
        const holders = host.ports.filter((held) => held.port === port && !(isOurs && held.unit === unit))
        return holders.slice(0, 1)
      })
    })
}
