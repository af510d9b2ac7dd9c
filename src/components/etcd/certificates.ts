import { type Authority, authorityOf } from '../../certificates/authority.ts'
import type { File, Resource } from '../../resources/resource.ts'
import type { RenderContext } from '../component.ts'
import { placedByTrimaran } from '../placed.ts'
import { rootFile } from '../root-file.ts'
import { paths } from './paths.ts'
import { clientPort } from './ports.ts'

/** The certificate of a client of etcd, and the authority that it trusts. */
export interface Caller {
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** Two authorities, so that a client's certificate does not make it a member. */
const authority = (purpose: 'clients' | 'peers', { stack, secret }: RenderContext): Authority =>
  authorityOf(secret('seed of certificates'), stack.name, `etcd ${purpose}`)

/**
 * Certificates for a program on this server that is a client of etcd but no member. It runs as a user of that group.
 */
export function callerFiles(
  context: RenderContext,
  { name, group, paths: own }: { readonly name: string; readonly group: string; readonly paths: Caller },
): readonly [File, File, File] {
  const clients = authority('clients', context)
  const issued = clients.issue({ name: `${name} on ${context.server.name}`, addresses: [], uses: ['client'] })
  return [
    rootFile(own.authority, clients.certificate),
    rootFile(own.certificate, issued.certificate),
    rootFile(own.key, issued.key, { group, mode: '0640', secret: true }),
  ]
}

/**
 * The certificates of an etcd member for clients and peers, and the authorities that it trusts. They name no neighbour,
 * so that a new server changes nothing here.
 */
export function certificateFiles(context: RenderContext): readonly Resource[] {
  const { name, address } = context.server
  const [clients, peers] = [authority('clients', context), authority('peers', context)]
  // Its gateway and the programs of this user call the etcd member: so it needs a client certificate, too.
  const own = clients.issue({ name, addresses: [address, '127.0.0.1'], uses: ['server', 'client'] })
  const asPeer = peers.issue({ name, addresses: [address], uses: ['server', 'client'] })
  return [
    { kind: 'directory', path: paths.certificates, owner: 'root', group: 'root', mode: '0755' },
    known(paths.own.authority, clients.certificate),
    known(paths.own.certificate, own.certificate),
    secret(paths.own.key, own.key),
    known(paths.peer.authority, peers.certificate),
    known(paths.peer.certificate, asPeer.certificate),
    secret(paths.peer.key, asPeer.key),
    rootFile(paths.etcdctl, `${placedByTrimaran}\n\n${etcdctlVariables(paths.own)}`),
  ]
}

const known = (path: string, content: string): File => rootFile(path, content, { onChange: 'restart' })

/** Read by the daemon, and not written by it. */
const secret = (path: string, content: string): File => ({
  ...known(path, content),
  group: 'etcd',
  mode: '0640',
  secret: true,
})

/** Lines of a shell that let `etcdctl` ask the etcd member here. */
const etcdctlVariables = ({ authority: known, certificate, key }: Caller): string =>
  `export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=https://127.0.0.1:${clientPort}
export ETCDCTL_CACERT=${known} ETCDCTL_CERT=${certificate} ETCDCTL_KEY=${key}
`
