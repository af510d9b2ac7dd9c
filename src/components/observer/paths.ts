import { preRemovePath } from '../../resources/state-folder.ts'

/** Where things are on a server with an observer. */
export const paths = {
  program: '/usr/local/lib/trimaran/observer',
  settings: '/etc/trimaran/observer.json',
  /** What it shows etcd. */
  caller: {
    authority: '/etc/trimaran/observer/etcd-ca.crt',
    certificate: '/etc/trimaran/observer/etcd.crt',
    key: '/etc/trimaran/observer/etcd.key',
  },
  certificates: '/etc/trimaran/observer',
  preRemove: preRemovePath('trimaran-observer.service'),
  unit: '/etc/systemd/system/trimaran-observer.service',
  /** Where Patroni asks, before it promotes. */
  requests: '/run/trimaran-observer/requests',
  /** What it sees, for `trimaran status`; gone when it does not run. */
  state: '/run/trimaran-observer/state.json',
} as const

export const unitName = 'trimaran-observer.service'
