import { peersOf, type Server, type Stack } from '../../stack/stack.ts'
import type { Explanation } from '../component.ts'
import { trimaran } from '../../speech/suggested-command.ts'

export function explainSystem(server: Server, stack: Stack): Explanation {
  const hasPeers = peersOf(stack, server).length > 0
  return {
    what: 'Debian itself: kernel settings for its tier, the clock (chrony), a bounded journal.',
    why: 'Debian is configured for a single computer. These settings make it notice dead neighbours early, and synchronise the clocks of all servers, so that their logs can be compared.',
    brings: {
      performance: 'Queues, ports and memory are set for what this tier does.',
      ...(hasPeers && {
        redundancy: 'Automatic upgrades, where they are on, reach the servers of a tier at different hours.',
      }),
      'ease of maintenance': `${trimaran('status')} shows load, memory, disks, the clock, failed units and waiting reboots.`,
    },
    whenItDies: hasPeers
      ? `The whole server is lost, and every component on it. The effects of losing each of them come at the same time.`
      : `The whole server is lost, and it is the only one of the ${server.tier} tier: visitors notice until it is back.`,
  }
}
