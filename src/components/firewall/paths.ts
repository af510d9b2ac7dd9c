import { scriptFolder } from '../../resources/state-folder.ts'

/** Paths of the firewall on a server. */
export const paths = {
  rules: '/etc/trimaran/firewall.nft',
  program: `${scriptFolder}/firewall`,
  unit: '/etc/systemd/system/trimaran-firewall.service',
} as const

export const unitName = 'trimaran-firewall.service'
/** A table of its own: other tables are not touched. */
export const table = 'inet trimaran'

/**
 * The mark of packets that rules beside these have let out: of a user whose connections those judge. Without them nothing is marked,
 * and so nothing gets out.
 */
export const passMark = 42
/** The priority of such rules: they come before these. */
export const passPriority = 'filter - 1'
