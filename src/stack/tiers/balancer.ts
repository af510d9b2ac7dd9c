import { isAlone, publicAddress } from '../stack.ts'
import { isSomeLeft, type Tier } from './tier.ts'

/** What visitors reach. */
export const balancer: Tier = {
  hostPrefix: 'lb',
  labHost: 11,
  enough: 2,
  hasLeader: true,
  routesOn: () => true,
  dataFolder: '/var',
  title: 'Load balancer tier',
  purpose: (stack) =>
    'The entry for visitors: they need no other one, so your own firewall may close all others. It spreads requests evenly over the ' +
    `healthy web servers${isAlone(stack, 'web') ? ', as soon as there are several,' : ''} and sends none to one that fails.`,
  whenOneDies: (stack) => {
    if (isAlone(stack, 'balancer')) return 'Visitors cannot reach the site until it is back.'
    return (
      `If it held ${publicAddress(stack)}, another has it after about a third of a second. Connections that were ` +
      'open through it are cut, and browsers open new ones. If not, nobody notices.'
    )
  },
  survives: isSomeLeft,
  consequence: (lost) => `Visitors cannot reach the site until ${lost} is back: every request passes through it.`,
  loss: 'visitors would not reach the site',
  backInService: 'it is on standby; the address stays where it is',
  note: (stack) => (isAlone(stack, 'balancer') ? 'the only way in' : 'one holds the address, another can take it over'),
  diagram: {
    title: 'Load balancers',
    subtitle: () => 'the only way in',
    light: { ink: '#1d5fc4', wash: '#f3f7fe', tint: '#dbe7fb' },
    dark: { ink: '#7db1ff', wash: '#111a2a', tint: '#1e3154' },
  },
}
