import { preRemovePath } from '../../resources/state-folder.ts'

/** What an etcd member reads at every start: its name and its addresses. */
export const settingsPath = '/etc/default/etcd'

const certificates = '/etc/trimaran/etcd'

/** Where etcd's things lie on a server. */
export const paths = {
  settings: settingsPath,
  memberList: '/etc/default/etcd-members',
  unit: '/etc/systemd/system/etcd.service.d/60-trimaran.conf',
  data: '/var/lib/etcd/trimaran',
  start: '/usr/local/lib/trimaran/start-etcd',
  /** Says, at the place of a member, that there is none yet. */
  noMemberYet: '/usr/local/lib/trimaran/no-etcd-member-yet',
  members: '/usr/local/lib/trimaran/etcd-members.sh',
  leave: preRemovePath('etcd.service'),
  certificates,
  /** What an etcd member shows those who ask it, and which authority they must come from. */
  own: {
    authority: `${certificates}/clients-ca.crt`,
    certificate: `${certificates}/server.crt`,
    key: `${certificates}/server.key`,
  },
  /** The same for what members say to one another. */
  peer: {
    authority: `${certificates}/peers-ca.crt`,
    certificate: `${certificates}/peer.crt`,
    key: `${certificates}/peer.key`,
  },
  /** Read by a shell of root's before it calls `etcdctl`. */
  etcdctl: `${certificates}/etcdctl.sh`,
} as const
