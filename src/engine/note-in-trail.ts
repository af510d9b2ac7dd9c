import { auditPath } from '../resources/state-folder.ts'
import { sh, type Shell } from '../shell/sh.ts'
import type { AuditEntry } from './apply-script.ts'

/**
 * Shell that notes in a server's audit trail what an operator is about to do there beside a plan. Before it is done, since it may
 * be the last thing that the server does; and a disk that is full keeps nobody from mending it.
 */
export const noteInTrail = ({ operator, command, stack, run, about = '' }: AuditEntry): Shell => sh`
  (
    umask 077
    mkdir -p ${auditPath.slice(0, auditPath.lastIndexOf('/'))} &&
      printf '{"at":"%s",%s\n' "$(date -u +%FT%TZ)" ${JSON.stringify({ operator, command, stack, run, about, steps: 0, ok: true }).slice(1)} >>${auditPath} &&
      chmod 0600 ${auditPath}
  ) 2>/dev/null || echo 'this command could not be noted in the audit trail' >&2
`
