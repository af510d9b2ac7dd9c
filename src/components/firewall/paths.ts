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
