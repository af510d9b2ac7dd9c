import type { Blueprint } from '../blueprint/blueprint.ts'
import { ordersPath, stackMarkerPath } from '../blueprint/blueprint.ts'
import type { Component } from '../components/component.ts'
import { kindOf, kinds } from '../resources/kinds.ts'
import type { Kind, Resource } from '../resources/resource.ts'
import { applyLockPath, makeRunFolder } from '../resources/run-folder.ts'
import { manifestPath } from '../resources/state-folder.ts'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { type OrdersSeal, readOrders } from '../stack/orders-copy.ts'
import { peersOf, type Server, type Stack } from '../stack/stack.ts'
import { askHolder, askHost, readHost } from './host-facts.ts'
import { askLockMark } from './lock-mark.ts'
import type { Observation } from './observation.ts'

/** Opens each section of the answer; the character cannot stand in any of the answers. */
const mark = '\u001e'

/**
 * The one script that asks a server for everything a plan or a status needs: what it is, what stands there of all that
 * is desired, what Trimaran placed there, and how each component fares. It waits so many seconds for an apply that is still
 * running, in the middle of which a plan must not look, while a status must always be told.
 */
export function askServer(
  blueprint: Blueprint,
  components: readonly Component[],
  stack: Stack,
  patienceSeconds = 90,
): Shell {
  const { server } = blueprint
  return lines([
    sh`
      exec 2>/dev/null
      ${makeRunFolder}
      exec 9>${applyLockPath}
      flock --wait ${patienceSeconds} 9
      exec 9>&-
    `,
    section('lock', askLockMark()),
    section('host', lines([askHost(), askVirtualAddress(server, stack)])),
    section('manifest', sh`cat ${manifestPath} || true`),
    section('stack', sh`cat ${stackMarkerPath} || true`),
    section('orders', sh`cat ${ordersPath} || true`),
    ...[...groupByKind(blueprint)].map(([kind, resources]) => section(`kind ${kind}`, kindOf(kind).ask(resources))),
    ...presentOn(server, components, stack).map((component) =>
      section(`health ${component.name}`, component.health.ask(server, stack)),
    ),
    section('end', sh`true`),
  ])
}

/** Reads the answer to `askServer`. An answer that broke off gives `undefined`. */
export function readServer(
  answer: string,
  server: Server,
  components: readonly Component[],
  stack: Stack,
  seal: OrdersSeal,
): Observation | undefined {
  const sections = new Map(
    answer
      .split(mark)
      .slice(1)
      .map((block) => [block.slice(0, block.indexOf('\n')), block.slice(block.indexOf('\n') + 1)]),
  )
  if (!sections.has('end')) return undefined
  const [named = '', keyFingerprint] = (sections.get('stack') ?? '').trim().split(/\s+/)
  const lockMark = (sections.get('lock') ?? '').trim()
  const copy = readOrders(sections.get('orders') ?? '', seal)
  const told = copy !== undefined && 'orders' in copy ? copy.orders : { drained: [] }
  return {
    host: readHost(sections.get('host') ?? '', server.address),
    manifest: (sections.get('manifest') ?? '').split('\n').filter((line) => line !== ''),
    ...(lockMark !== '' && { lockMark }),
    ...(named !== '' && { stack: named }),
    ...(keyFingerprint !== undefined && { keyFingerprint }),
    ...(copy !== undefined && ('orders' in copy ? copy : { refusedOrders: copy.refused })),
    resources: new Map(kinds.map((kind) => [kind.kind, kind.read(sections.get(`kind ${kind.kind}`) ?? '')] as const)),
    health: new Map(
      presentOn(server, components, stack).map((component) => [
        component.name,
        component.health.read(sections.get(`health ${component.name}`) ?? '', server, stack, told),
      ]),
    ),
  }
}

/** Only a network that moves the address by VRRP tells who holds it. */
function askVirtualAddress(server: Server, stack: Stack): Shell {
  const { virtualAddress } = stack
  if (server.tier !== 'balancer' || virtualAddress === undefined || virtualAddress.move !== undefined) return sh``
  return askHolder(
    virtualAddress.address,
    peersOf(stack, server).map(({ address }) => address),
  )
}

/** Each question in a subshell of its own: nothing that it sets or breaks reaches the next. */
const section = (name: string, question: Shell): Shell => sh`
  printf '%s%s\n' ${mark} ${name}
  ( ${question}
  )
  printf '\n'
`

function presentOn(server: Server, components: readonly Component[], stack: Stack): readonly Component[] {
  return components.filter((component) => component.belongsOn(server, stack))
}

function groupByKind(blueprint: Blueprint): ReadonlyMap<Kind, readonly Resource[]> {
  return Map.groupBy(
    blueprint.parts.flatMap(({ resources }) => resources),
    ({ kind }) => kind,
  )
}
