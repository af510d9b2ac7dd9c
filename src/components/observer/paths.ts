import { preRemovePath } from '../../resources/state-folder.ts'

/** Paths on a server with an observer. */
export const paths = {
  program: '/usr/local/lib/trimaran/observer',
  settings: '/etc/trimaran/observer.json',
  /** Its etcd certificate. */
  caller: {
    authority: '/etc/trimaran/observer/etcd-ca.crt',
    certificate: '/etc/trimaran/observer/etcd.crt',
    key: '/etc/trimaran/observer/etcd.key',
  },
  certificates: '/etc/trimaran/observer',
  preRemove: preRemovePath('trimaran-observer.service'),
  unit: '/etc/systemd/system/trimaran-observer.service',
  /** The socket on which Patroni asks before it promotes. */
  requests: '/run/trimaran-observer/requests',
  /** Its status, for `trimaran status`; removed when it stops. */
  state: '/run/trimaran-observer/state.json',
} as const

export const unitName = 'trimaran-observer.service'
