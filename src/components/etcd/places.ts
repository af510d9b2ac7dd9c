import { leavePath } from '../../resources/state-folder.ts'

/** What a vote reads at every start: its name and its addresses. */
export const settingsPath = '/etc/default/etcd'

/** Where etcd's things lie on a server. */
export const places = {
  settings: settingsPath,
  votes: '/etc/default/etcd-votes',
  unit: '/etc/systemd/system/etcd.service.d/60-trimaran.conf',
  data: '/var/lib/etcd/trimaran',
  start: '/usr/local/lib/trimaran/start-etcd',
  speak: '/usr/local/lib/trimaran/votes.sh',
  leave: leavePath('etcd.service'),
} as const
