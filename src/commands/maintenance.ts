import { buildCommand } from '@stricli/core'
import { checkSource } from '../config/values/network.ts'
import { failure } from '../errors/failure.ts'
import * as operations from '../operations/index.ts'
import { serversOf } from '../stack/stack.ts'
import { type ChangeFlags, changeFlags } from './flags.ts'
import { begin, type Frame, operatorOf, planShower } from './frame.ts'
import { trimaran } from '../speech/suggested-command.ts'

interface MaintenanceFlags extends ChangeFlags {
  readonly allow?: readonly string[]
}

type Wish = 'on' | 'off'

export const maintenance = buildCommand({
  docs: {
    brief: 'Show visitors the maintenance page, or show the site again',
    fullDescription: [
      'Closes the site for visitors, or opens it again.',
      '',
      'While it is on, the balancers answer every request with 503 and the maintenance page; programs that ask for JSON',
      'get JSON. Addresses given with --allow still see the site. It stays on, also during `up`, a deploy and',
      'reboots, until it is switched off. Switching it on again replaces the addresses.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...changeFlags,
      allow: {
        kind: 'parsed',
        parse: String,
        variadic: ',',
        optional: true,
        brief: 'An address or network that still sees the site',
        placeholder: 'address',
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'on or off', parse: String, placeholder: 'on|off' }],
    },
  },
  func: async (flags: MaintenanceFlags, word: string) => {
    const wish = understand(word, flags)
    const frame = await begin(flags, 'find')
    const { output, session } = frame
    const operator = operatorOf(flags, output, {
      show: planShower(output),
      question: () =>
        wish === 'on'
          ? `Close ${session.stack.name} to its visitors?`
          : `Open ${session.stack.name} to its visitors again?`,
    })
    const { allow = [] } = flags
    const { outcome, proposal } = await operations.maintenance(session, { on: wish === 'on', allow }, operator)
    if (outcome !== 'declined') output.print(format(wish, frame, proposal))
  },
})

/** @throws TRI-USAGE-001 */
function understand(word: string, { allow = [] }: MaintenanceFlags): Wish {
  if (word !== 'on' && word !== 'off')
    throw failure('TRI-USAGE-001', {
      what: `${word} is neither on nor off`,
      next: `${trimaran('maintenance on')} or ${trimaran('maintenance off')}`,
    })
  if (word === 'off' && allow.length > 0)
    throw failure('TRI-USAGE-001', {
      what: '--allow cannot be used with off: everybody sees the site then',
      next: trimaran('maintenance off'),
    })
  const wrong = allow.flatMap((address) => {
    const objection = checkSource(address)
    return objection === undefined ? [] : [{ address, ...objection }]
  })
  if (wrong.length > 0)
    throw failure('TRI-USAGE-001', {
      what: `--allow names what is not an address: ${wrong.map(({ address }) => address).join(', ')}`,
      why: wrong.map(({ address, reason }) => `${address}: ${reason}`).join('\n'),
      state: 'nothing was changed',
      next:
        wrong.flatMap(({ suggestion }) => suggestion ?? []).join('; ') ||
        'an IPv4 address, such as 203.0.113.7, or a network, such as 10.0.0.0/8',
    })
  return word
}

function format(wish: Wish, { session, output }: Frame, { plan, stackState }: operations.Proposal): string {
  const { stack } = session
  const { tone } = output
  const untold = serversOf(stack, 'balancer').filter(({ name }) =>
    plan.unreachable.some(({ server }) => server === name),
  )
  const warning = untold.map(
    ({ name }) => `\n${tone.yellow('!')} ${name} does not know of it yet: run ${trimaran('up')} when it is back`,
  )
  if (wish === 'off') return `${tone.green('✔')} visitors of ${stack.name} see the site${warning.join('')}`
  const { allow = [] } = stackState.maintenance ?? {}
  return [
    `${tone.green('✔')} visitors of ${stack.name} see the maintenance page${warning.join('')}`,
    ...(allow.length === 0 ? [] : [`  from ${allow.join(', ')} the site is shown as usual`]),
    `  ${trimaran('maintenance off')} ${tone.dim('opens it again')}`,
  ].join('\n')
}
