import { z } from 'zod'
import type { Condition, Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { etcdMembers } from '../../stack/stack.ts'
import type { Component, RenderContext } from '../component.ts'
import { isLimitShared } from '../haproxy/index.ts'
import { placeProgram } from '../program.ts'
import { type Guarded, guardedPorts } from './callers.ts'
import { explainFirewall } from './explain.ts'
import { askFirewall, readFirewall } from './health.ts'
import { paths, table, unitName } from './paths.ts'
import { renderRules } from './render-rules.ts'
import { renderUnit } from './render-unit.ts'
import { rootFile } from '../root-file.ts'

/**
 * Closes each port of a link to all addresses that no link names. A client that may write to etcd can run commands on every
 * database server; the app believes the headers of a request; balancers believe the counts of other balancers.
 */
export const firewall: Component = {
  name: 'firewall',
  belongsOn: (server, stack) =>
    server.tier !== 'balancer' || isLimitShared(stack) || etcdMembers(stack).some(({ name }) => name === server.name),
  links: () => [],
  packages: ['nftables'],
  listens: () => [],
  render: renderFirewall,
  // It has no figures.
  health: { ask: askFirewall, read: readFirewall, details: z.strictObject({}) },
  isAuxiliary: ({ tier }) => tier === 'balancer',
  explain: explainFirewall,
}

function renderFirewall({ stack, server }: RenderContext): readonly Resource[] {
  const guarded = guardedPorts(stack, server)
  return [
    placeProgram(import.meta.url, 'firewall', paths.program, { RULES: paths.rules, TABLE: table.split(' ') }),
    rootFile(paths.rules, renderRules(guarded), { check: sh`nft -c -f "$file"`, onChange: 'reload' }),
    rootFile(paths.unit, renderUnit(), { onChange: 'restart' }),
    {
      kind: 'unit',
      name: unitName,
      state: 'running',
      unnoticed: true,
      probe: sh`nft list chain ${table.split(' ')} incoming >/dev/null`,
    },
    onlyCallers(guarded),
  ]
}

/** Removed servers are refused once their pre-remove programs have run. */
const onlyCallers = (guarded: readonly Guarded[]): Condition => ({
  kind: 'condition',
  name: 'the firewall rules',
  action: 'change',
  wanted: guarded.map(({ port, addresses }) => `${port}=${addresses.join(',')}`).join('\n'),
  reason: 'they differ from the links',
  disturbs: 'nothing',
  phase: 'last',
  holds: sh`
    [ -x ${paths.program} ] || exit 0
    timeout 2 ${paths.program} holds
    [ $? != 1 ]
  `,
  make: sh`${paths.program} load`,
})
