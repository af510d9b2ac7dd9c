import type { Explanation } from '../component.ts'

export const explainFirewall = (): Explanation => ({
  what: 'Rules of nftables, made from the links of the stack.',
  why: 'A server is reached by those that a link names, and reaches those alone. Whoever breaks into one of them is refused by all others but for what it was there for.',
  brings: {
    isolation:
      'Any other connection is refused at once, in either direction, and so is all of IPv6 but SSH. Rules that are removed by hand are restored.',
  },
  whenItDies:
    'Nothing: the rules stay in the kernel. systemd restarts the program that restores them within a second or two.',
})
