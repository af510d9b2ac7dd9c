import { sh, type Shell } from '../../shell/sh.ts'

/**
 * Patroni's own judge of a staged `$file`, on a server where Patroni may or may not run. Two of its objections are
 * none: it wants etcd to be reachable already, and 4.0's validator does not know 4.0's own `synchronous_mode: quorum`.
 * (`--ignore-listen-port`: the ports are rightly held, by the Patroni that runs.)
 */
export const checkConfig: Shell = sh`
  objections=$(patroni --validate-config --ignore-listen-port "$file" 2>&1 |
    grep -v -e '^etcd3.*is not reachable' -e '^bootstrap.dcs.synchronous_mode ' || true)
  if [ -n "$objections" ]; then echo "$objections"; exit 1; fi
`
