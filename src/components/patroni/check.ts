import { sh, type Shell } from '../../shell/sh.ts'
import { clientPort } from '../etcd/index.ts'

/**
 * Patroni's own check of a staged `$file`, on a server where Patroni may or may not run yet. A copy with two changed
 * lines is checked: the validator of 4.0 does not know 4.0's own `synchronous_mode: quorum`, and it opens a connection
 * to each etcd member, waiting long for one that is off. It may report that the local etcd member is not reachable: it
 * starts before Patroni, but after this check. The ports may be in use by the running Patroni (`--ignore-listen-port`).
 */
export const checkConfig: Shell = sh`
  checked=$file.checked
  sed -e ${`/^etcd3:/,/^$/ s/hosts: .*/hosts: ["127.0.0.1:${clientPort}"]/`} \
    -e 's/^\( *synchronous_mode\): .*/\1: true/' "$file" >"$checked"
  objections=$(patroni --validate-config --ignore-listen-port "$checked" 2>&1 | grep -v '^etcd3.* is not reachable$' || true)
  rm -f "$checked"
  if [ -n "$objections" ]; then echo "$objections"; exit 1; fi
`
