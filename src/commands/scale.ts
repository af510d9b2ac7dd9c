import { buildCommand } from '@stricli/core'
import { failure } from '../errors/failure.ts'
import * as operations from '../operations/index.ts'
import type { TierName } from '../stack/stack.ts'
import { tierNames } from '../stack/tiers.ts'
import { formatDuration } from '../ui/format-duration.ts'
import { createOutput } from '../ui/output.ts'
import type { Tone } from '../ui/tone.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { operatorOf, placeOf, planShower } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

export const scale = buildCommand({
  docs: {
    brief: 'Change the number of servers of a tier: in the config, and then on the servers',
    fullDescription: [
      `Writes the number into the config, shows the plan, asks, and applies it: ${trimaran('scale app 4')}`,
      'New servers get requests once they are well, at first a small share. Servers that are removed are the last of the',
      'tier; they finish their open requests first. If you answer no, the file is restored.',
      'Where servers are named, name the new ones in the file; a smaller number removes the last names of the list.',
    ].join('\n'),
  },
  parameters: {
    flags: changeFlags,
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: tierNames.join(', '), parse: String, placeholder: 'tier' },
        { brief: 'How many servers it is to have', parse: String, placeholder: 'count' },
      ],
    },
  },
  func: async (flags: ChangeFlags, tierWord: string, countWord: string) => {
    const began = performance.now()
    const wish = understand(tierWord, countWord)
    const output = createOutput(flags)
    const operator = operatorOf(flags, output, { show: planShower(output), question })
    const scaled = await operations.scale(placeOf(flags), wish, operator)
    if (scaled.outcome === 'declined') return
    const { before, servers, where, unreachable } = scaled
    const place = where !== undefined && { where }
    output.printJson('scaled', { tier: wish.tier, before, servers, ...place, unreachable })
    output.print(format(wish.tier, scaled, performance.now() - began, output.tone))
  },
})

/** @throws TRI-SERVER-001; TRI-USAGE-001 */
function understand(tierWord: string, countWord: string): operations.ScaleWish {
  const tier = tierNames.find((name) => name === tierWord)
  if (tier === undefined)
    throw failure('TRI-SERVER-001', { what: `${tierWord} is not a tier`, next: `one of ${tierNames.join(', ')}` })
  if (!/^[1-9]\d{0,2}$/.test(countWord))
    throw failure('TRI-USAGE-001', {
      what: `${countWord} is not a number of servers`,
      next: `a whole number from 1 on: ${trimaran(`scale ${tier} 2`)}`,
    })
  return { tier, count: Number(countWord) }
}

const question = ({ plan, tier, count, before }: operations.ScaleProposal): string =>
  `Give ${tier} of ${plan.stack} ${count} ${count === 1 ? 'server' : 'servers'}, not ${before}?`

function format(
  tier: TierName,
  { outcome, before, servers, where, unreachable }: operations.Scaled,
  milliseconds: number,
  tone: Tone,
): string {
  const verb = outcome === 'nothing' ? 'has already' : 'has'
  const time = tone.dim(`  ${formatDuration(milliseconds)}`)
  return [
    `${tone.green('✔')} ${tier} ${verb} ${servers.length} ${servers.length === 1 ? 'server' : 'servers'}: ${servers.join(', ')}${time}`,
    ...(where === undefined ? [] : [`  ${where} says ${servers.length}, where it said ${before}`]),
    ...(unreachable.length === 0 ? [] : [`${tone.yellow('!')} unreachable: ${unreachable.join(', ')}`]),
  ].join('\n')
}
