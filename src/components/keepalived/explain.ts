import { publicAddress, type Server, serversOf, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'

/** What keepalived is for: with a second balancer it moves the address, without one it only keeps it. */
export function explainKeepalived(_server: Server, stack: Stack): Explanation {
  const address = publicAddress(stack)
  const balancers = serversOf(stack, 'balancer').length
  const what = `keepalived: makes sure that exactly one balancer has ${address}.`
  if (balancers < 2)
    return {
      what,
      why: 'Visitors use an address that belongs to no server. There is only one balancer yet, so the address stays here; a second balancer can be added without visitors noticing.',
      brings: {
        'ease of maintenance': 'A second balancer can be added, and this one replaced, under the same address.',
      },
      whenItDies: 'The address is gone for about two seconds, until systemd has started keepalived again.',
    }
  return {
    what,
    why: 'Visitors use one address that belongs to no server. The address holder sends a message ten times a second; when it stops, another balancer takes the address.',
    brings: {
      redundancy: `When the balancer that holds the address loses its power, another one has the address after about a third of a second; when only HAProxy dies, sooner. ${balancers === 2 ? 'One of the two balancers' : `All but one of the ${balancers} balancers`} may fail.`,
      'ease of maintenance':
        'A balancer can be restarted or replaced: the address moves first, and does not move back.',
    },
    whenItDies:
      'On the holder, the address moves to another balancer within a third of a second. On the others, nobody notices.',
  }
}
