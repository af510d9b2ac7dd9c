import type { StackState } from '../../stack/stack-state.ts'
import type { RenderContext } from '../component.ts'
import { paths } from './paths.ts'
import { type Upstream, checkInterval, inSpite, replicasOf } from './services.ts'
import type { Tuning } from './tune.ts'

/**
 * The second port of the database's sidecar, for reads that may be slightly old: spread over replicas with a small lag,
 * or to the primary where there is none.
 */
export function renderReplicas(
  upstream: Upstream,
  { stackState }: RenderContext,
  { connections }: Tuning,
): readonly string[] {
  const { name, replicas } = upstream
  if (replicas === undefined) return []
  const hasReplicas = upstream.servers.length > 1
  const spread = hasReplicas
    ? `    use_backend ${replicasOf(upstream)} if { nbsrv(${replicasOf(upstream)}) gt 0 }
    # No replica is close enough to the primary, so the primary answers.
`
    : '    # There are no replicas yet: the primary answers.\n'
  const frontend = `frontend to-${replicasOf(upstream)}
    mode tcp
    bind 127.0.0.1:${replicas.port}
    maxconn ${connections}
    log-format "client=%ci:%cp server=%b/%s ms=%Tt queue=%Tw connect=%Tc sent=%U received=%B ended=%ts retries=%rc open=%ac"
    timeout client 7d
${spread}    default_backend ${name}`
  return hasReplicas ? [frontend, renderReplicaBackend(upstream, replicas.check, stackState)] : [frontend]
}

function renderReplicaBackend(upstream: Upstream, check: string, stackState: StackState): string {
  const { servers, port } = upstream
  return `backend ${replicasOf(upstream)}
    mode tcp
    balance leastconn
    retries 10
    timeout server 7d
    timeout tunnel 7d
    # A replica with less lag than the check allows answers 200; the primary answers 503 here.
    option httpchk
    http-check send meth OPTIONS uri ${check} ver HTTP/1.1 hdr Host localhost hdr User-Agent HAProxy-check hdr Connection close
    http-check expect status 200
    timeout check 1s
    default-server check port ${upstream.check.port ?? port} inter ${checkInterval(upstream, 1000)} fastinter ${checkInterval(upstream, 200)} downinter ${checkInterval(upstream, 1000)} fall 2 rise 1
    # ${paths.leave} ends sessions with a replica that fell behind, died or was promoted.
${servers.map((server) => `    server ${server.name} ${server.address}:${port} tcp-ut 3s${inSpite(stackState, server)}`).join('\n')}`
}
