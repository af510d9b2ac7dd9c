import type { File, Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { serversOf } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { explainKeepalived } from './explain.ts'
import { askKeepalived, readKeepalived } from './health.ts'
import { places, scriptUser } from './places.ts'
import { renderConfig } from './render-config.ts'
import { renderDropIn, renderHaproxyDropIn, renderMoveScript } from './render-units.ts'

/** Keeps the virtual address on one balancer that works. */
export const keepalived: Component = {
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
            why: 'balancers tell each other that they are alive, and who holds the address',
          },
        ],
  packages: ['keepalived'],
  listens: () => [],
  render: renderKeepalived,
  health: { ask: askKeepalived, read: (answer, _server, stack) => readKeepalived(answer, stack) },
  explain: explainKeepalived,
}

function renderKeepalived(context: RenderContext): readonly Resource[] {
  const { virtualAddress } = context.stack
  if (virtualAddress === undefined) return []
  const { move } = virtualAddress
  return [
    { kind: 'user', name: scriptUser, home: '/nonexistent' },
    ...(move === undefined ? [] : [file(places.moveAddress, renderMoveScript(move), { mode: '0755', check: sh`bash -n "$file"` })]),
    file(places.config, renderConfig(context), { check: checkConfig, onChange: 'reload' }),
    file(places.dropIn, renderDropIn(context), { onChange: 'restart' }),
    file(places.haproxyDropIn, renderHaproxyDropIn(), { onChange: 'reload' }),
    { kind: 'unit', name: 'keepalived.service', state: 'running' },
  ]
}

/** keepalived wants to see the user and the scripts; before the first `up` is through, neither is there. */
const checkConfig = sh`
  sed -e 's|script_user .*|script_user root|' -e 's|"/usr/local/lib/trimaran/[a-z-]*"|"/usr/bin/true"|' "$file" >"$file.judged"
  verdict=0
  keepalived --config-test --use-file "$file.judged" || verdict=$?
  rm -f "$file.judged"
  [ "$verdict" = 0 ]
`

function file(path: string, content: string, more: Partial<File>): File {
  return { kind: 'file', path, content, owner: 'root', group: 'root', mode: '0644', ...more }
}
