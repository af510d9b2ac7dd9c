import { sh, type Shell } from '../../shell/sh.ts'
import type { RenderContext } from '../component.ts'
import { clientPort } from '../etcd/index.ts'
import { readProgram } from '../program.ts'
import { paths } from './paths.ts'

/**
 * Patroni's own check of a staged `$file`, on a server where Patroni may or may not run yet. A copy with two changed
 * lines is checked: the validator of 4.0 does not know 4.0's own `synchronous_mode: quorum`, and it opens a connection
 * to each etcd member, waiting long for one that is off. It may report that the local etcd member is not reachable: it
 * starts before Patroni, but after this check. The ports may be in use by the running Patroni (`--ignore-listen-port`).
 *
 * Patroni drops a setting of PostgreSQL that it does not know, and starts with any value. So PostgreSQL checks the settings as well.
 * The program that asks it is sent along: when the first configuration is checked, nothing has been placed yet.
 */
export const checkConfig = ({ facts, stack }: Pick<RenderContext, 'facts' | 'stack'>): Shell => sh`
  checked=$file.checked
  sed -e ${`/^etcd3:/,/^$/ s/hosts: .*/hosts: ["127.0.0.1:${clientPort}"]/`} \
    -e 's/^\( *synchronous_mode\): .*/\1: true/' "$file" >"$checked"
  objections=$(patroni --validate-config --ignore-listen-port "$checked" 2>&1 | grep -v '^etcd3.* is not reachable$' || true)
  rm -f "$checked"
  if [ -n "$objections" ]; then echo "$objections"; exit 1; fi
  python3 -c ${readProgram(import.meta.url, 'try-settings', {
    PROGRAMS: paths.programs,
    IN_USE: paths.config,
    STATED: Object.keys(stack.declared.database.settings),
    MEMORY: facts.memoryBytes,
  })} "$file"
`
