import { z } from 'zod'
import type { Condition, Resource } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import type { Component, RenderContext } from '../component.ts'
import { placeProgram } from '../program.ts'
import { type Opening, openingsOf, writeOpening } from './openings.ts'
import { explainFirewall } from './explain.ts'
import { askFirewall, readFirewall } from './health.ts'
import { paths, table, unitName } from './paths.ts'
import { renderRules } from './render-rules.ts'
import { renderUnit } from './render-unit.ts'
import { rootFile } from '../root-file.ts'

export { passMark, passPriority } from './paths.ts'

const holds = sh`
  [ -x ${paths.program} ] || exit 0
  timeout 2 ${paths.program} holds
  [ $? != 1 ]
`

/**
 * Refuses each connection that no link names, in both directions. A client that may write to etcd can run commands on every
 * database server; the app believes the headers of a request; balancers believe the counts of other balancers.
 */
export const firewall: Component = {
  name: 'firewall',
  belongsOn: () => true,
  links: () => [],
  packages: ['nftables'],
  listens: () => [],
  render: renderFirewall,
  // It has no figures.
  health: { ask: askFirewall, read: readFirewall, details: z.strictObject({}) },
  roles: { guards: { holds } },
  explain: explainFirewall,
}

function renderFirewall(context: RenderContext): readonly Resource[] {
  const openings = openingsOf(context)
  return [
    placeProgram(import.meta.url, 'firewall', paths.program, { RULES: paths.rules, TABLE: table.split(' ') }),
    rootFile(paths.rules, renderRules(openings), {
      check: sh`nft -c -f "$file"`,
      onChange: 'reload',
    }),
    rootFile(paths.unit, renderUnit(), { onChange: 'restart' }),
    {
      kind: 'unit',
      name: unitName,
      state: 'running',
      unnoticed: true,
      probe: sh`nft list chain ${table.split(' ')} incoming >/dev/null`,
      // Rules that refuse the operator are rolled back, by the server itself.
      look: {
        callers: 'operator',
        why: sh`echo "It connects from \${SSH_CONNECTION%% *}. → name its address in ssh.from"`,
      },
    },
    onlyLinks(openings),
  ]
}

/** Removed servers are refused once their pre-remove programs have run. */
const onlyLinks = (openings: readonly Opening[]): Condition => ({
  kind: 'condition',
  name: 'the firewall rules',
  action: 'change',
  wanted: openings.map(writeOpening).join('\n'),
  reason: 'they differ from the links',
  disturbs: 'nothing',
  phase: 'last',
  holds,
  make: sh`${paths.program} load`,
})
