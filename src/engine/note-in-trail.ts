import { auditPath } from '../resources/state-folder.ts'
import { sh, type Shell } from '../shell/sh.ts'
import type { AuditEntry } from './apply-script.ts'

/**
 * Shell that writes to a server's audit trail what an operator is about to do there outside of a plan. It runs first,
 * since the command may be the last thing that the server does; a full disk does not block the command.
 */
export const noteInTrail = ({ operator, command, stack, run, about = '' }: AuditEntry): Shell => sh`
  (
    umask 077
    mkdir -p ${auditPath.slice(0, auditPath.lastIndexOf('/'))} &&
      printf '{"at":"%s",%s\n' "$(date -u +%FT%TZ)" ${JSON.stringify({ operator, command, stack, run, about, steps: 0, ok: true }).slice(1)} >>${auditPath} &&
      chmod 0600 ${auditPath}
  ) 2>/dev/null || echo 'this command could not be noted in the audit trail' >&2
`
