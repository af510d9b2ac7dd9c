import type { Resource, Unit } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { isDrained } from '../../stack/stack-state.ts'
import { serversOf, type VirtualAddress } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { explainKeepalived } from './explain.ts'
import { type KeepalivedDetails, keepalivedDetails } from './details.ts'
import { askKeepalived, readKeepalived } from './health.ts'
import { askInFlight } from './in-flight.ts'
import { paths, scriptUser } from './paths.ts'
import { renderConfig } from './render-config.ts'
import { handOver, moveAddress } from './programs.ts'
import { renderDropIn, renderHaproxyDropIn } from './render-units.ts'
import { rootFile } from '../root-file.ts'

/** Keeps the virtual address on one working balancer. */
export const keepalived: Component<KeepalivedDetails> = {
  name: 'keepalived',
  belongsOn: (server, stack) =>
    server.tier === 'balancer' &&
    (serversOf(stack, 'balancer').length > 1 || stack.declared.balancer.virtualAddress !== undefined),
  links: (stack) =>
    serversOf(stack, 'balancer').length < 2
      ? []
      : [
          {
            from: 'balancer',
            to: 'balancer',
            component: 'keepalived',
            protocol: 'vrrp',
            ports: [],
            why: 'VRRP between the balancers: who is alive, and who holds the address',
          },
        ],
  packages: ['keepalived', 'nftables'],
  owns: { daemons: ['keepalived'], users: [scriptUser] },
  listens: () => [],
  render: renderKeepalived,
  health: {
    ask: askKeepalived,
    read: readKeepalived,
    details: keepalivedDetails,
    report: ({ moves = 0 }) => ({ addressMoves: { count: moves } }),
  },
  roles: { leads: { tier: 'balancer', unit: 'keepalived.service' }, drains: { askInFlight } },
  explain: explainKeepalived,
}

function renderKeepalived(context: RenderContext): readonly Resource[] {
  const { virtualAddress } = context.stack
  if (virtualAddress === undefined) return []
  return [
    { kind: 'user', name: scriptUser, home: '/nonexistent' },
    ...moveFiles(virtualAddress),
    rootFile(paths.config, renderConfig(context), { check: checkConfig, onChange: 'reload' }),
    rootFile(paths.dropIn, renderDropIn(context), { onChange: 'restart' }),
    rootFile(paths.haproxyDropIn, renderHaproxyDropIn(), { onChange: 'reload' }),
    handOver(context),
    isDrained(context.stackState, context.server.name)
      ? aside
      : { kind: 'unit', name: 'keepalived.service', state: 'running' },
  ]
}

/** Masked: else HAProxy, or an upgrade of its package, would start it. */
const aside: Unit = {
  kind: 'unit',
  name: 'keepalived.service',
  state: 'masked',
  reason: 'this server is drained: it does not take the address, not even when it starts again',
}

/** The operator's own command that moves the address, and the script that it names. */
function moveFiles({ move, moveScript }: VirtualAddress): readonly Resource[] {
  if (move === undefined) return []
  const command = moveScript === undefined ? move : move.replace(/^\S+/, paths.moveScript)
  return [
    ...(moveScript === undefined ? [] : [rootFile(paths.moveScript, moveScript, { mode: '0755' })]),
    moveAddress(command),
  ]
}

/** keepalived checks that the user and the scripts exist; during the first `up` they do not yet. */
const checkConfig = sh`
  sed -e 's|script_user .*|script_user root|' -e 's|"/usr/local/lib/trimaran/[a-z-]*"|"/usr/bin/true"|' "$file" >"$file.checked"
  verdict=0
  keepalived --config-test --use-file "$file.checked" || verdict=$?
  rm -f "$file.checked"
  [ "$verdict" = 0 ]
`
