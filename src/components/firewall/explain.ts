import type { Server, Stack } from '../../stack/stack.ts'
import { tiers } from '../../stack/tiers.ts'
import type { Explanation } from '../component.ts'

export const explainFirewall = ({ tier }: Server, stack: Stack): Explanation => ({
  what: 'Rules of nftables, made from the links of the stack.',
  why: `${tiers[tier].reached(stack)} reached by the servers that a link names, and by nobody else. A program on any other server is refused.`,
  brings: {
    isolation: 'Any other connection is refused at once. Rules that are removed by hand are restored.',
  },
  whenItDies:
    'Nothing: the rules stay in the kernel. systemd restarts the program that restores them within a second or two.',
})
