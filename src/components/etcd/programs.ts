import type { File } from '../../resources/resource.ts'
import { placeProgram } from '../program.ts'
import { places } from './places.ts'
import { clientPort, peerPort } from './ports.ts'

/** The programs that start an etcd member and remove it: each says itself what it does. */
export const programs = (): readonly File[] => [
  {
    ...place('etcd-members.sh', places.members, {
      ETCDCTL: places.etcdctl,
      CLIENT_PORT: clientPort,
      PEER_PORT: peerPort,
      PEER_AUTHORITY: places.peer.authority,
      PEER_CERTIFICATE: places.peer.certificate,
      PEER_KEY: places.peer.key,
    }),
    mode: '0644',
  },
  place('start-etcd', places.start, {
    MEMBERS: places.members,
    ETCD: '/usr/bin/etcd',
    NO_MEMBER_YET: places.noMemberYet,
  }),
  place('no-etcd-member-yet', places.noMemberYet),
  place('pre-remove', places.leave, {
    MEMBER_SETTINGS: places.settings,
    MEMBER_LIST: places.memberList,
    MEMBERS: places.members,
    ATTEMPTS: 30,
  }),
]

const place = placeProgram.bind(undefined, import.meta.url)
