import { preRemovePath } from '../../resources/state-folder.ts'

/** Read by an etcd member at every start: its name and its addresses. */
export const settingsPath = '/etc/default/etcd'

const certificates = '/etc/trimaran/etcd'

/** Paths of etcd on a server. */
export const paths = {
  settings: settingsPath,
  memberList: '/etc/default/etcd-members',
  unit: '/etc/systemd/system/etcd.service.d/60-trimaran.conf',
  data: '/var/lib/etcd/trimaran',
  start: '/usr/local/lib/trimaran/start-etcd',
  /** A file that stands for the data of a member that does not exist yet. */
  noMemberYet: '/usr/local/lib/trimaran/no-etcd-member-yet',
  members: '/usr/local/lib/trimaran/etcd-members.sh',
  leave: preRemovePath('etcd.service'),
  certificates,
  /** The certificate of an etcd member for its clients, and the authority that clients' certificates must be from. */
  own: {
    authority: `${certificates}/clients-ca.crt`,
    certificate: `${certificates}/server.crt`,
    key: `${certificates}/server.key`,
  },
  /** The same for its peers. */
  peer: {
    authority: `${certificates}/peers-ca.crt`,
    certificate: `${certificates}/peer.crt`,
    key: `${certificates}/peer.key`,
  },
  /** Read by root's shell before it calls `etcdctl`. */
  etcdctl: `${certificates}/etcdctl.sh`,
} as const
