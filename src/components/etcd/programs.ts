import type { File } from '../../resources/resource.ts'
import { placeProgram } from '../program.ts'
import { paths } from './paths.ts'
import { clientPort, peerPort } from './ports.ts'

/** The programs that start and remove an etcd member; each one says in its head what it does. */
export const programs = (): readonly File[] => [
  {
    ...place('etcd-members.sh', paths.members, {
      ETCDCTL: paths.etcdctl,
      CLIENT_PORT: clientPort,
      PEER_PORT: peerPort,
      PEER_AUTHORITY: paths.peer.authority,
      PEER_CERTIFICATE: paths.peer.certificate,
      PEER_KEY: paths.peer.key,
    }),
    mode: '0644',
  },
  place('start-etcd', paths.start, {
    MEMBERS: paths.members,
    ETCD: '/usr/bin/etcd',
    NO_MEMBER_YET: paths.noMemberYet,
  }),
  place('no-etcd-member-yet', paths.noMemberYet),
  place('pre-remove', paths.leave, {
    MEMBER_SETTINGS: paths.settings,
    MEMBER_LIST: paths.memberList,
    MEMBERS: paths.members,
    ATTEMPTS: 30,
  }),
]

const place = placeProgram.bind(undefined, import.meta.url)
