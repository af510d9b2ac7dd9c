import { sh, type Shell } from '../../shell/sh.ts'
import { clientPort } from '../etcd/index.ts'

/**
 * Patroni's own check of a staged `$file`, on a server where Patroni may run or not yet. A copy is checked, different in
 * two lines: the validator of 4.0 does not know 4.0's own `synchronous_mode: quorum`, and it opens a connection to each
 * etcd member, waiting long for one that is away. Of the etcd member here it may say that it is not reachable: it starts before
 * Patroni, but after this. The ports are rightly held by the Patroni that runs (`--ignore-listen-port`).
 */
export const checkConfig: Shell = sh`
  checked=$file.checked
  sed -e ${`/^etcd3:/,/^$/ s/hosts: .*/hosts: ["127.0.0.1:${clientPort}"]/`} \
    -e 's/^\( *synchronous_mode\): .*/\1: true/' "$file" >"$checked"
  objections=$(patroni --validate-config --ignore-listen-port "$checked" 2>&1 | grep -v '^etcd3.* is not reachable$' || true)
  rm -f "$checked"
  if [ -n "$objections" ]; then echo "$objections"; exit 1; fi
`
