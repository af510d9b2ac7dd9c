import { sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import { restPort } from './paths.ts'

/**
 * Succeeds on a replica that streams from its primary. Not with `/replica`: a drained server fails there, and Patroni
 * 4.0 ignores its parameter `replication_state`.
 */
export const streams = (server: Server): Shell =>
  sh`${askPatroni(server)} | grep -q '"replication_state": *"streaming"'`

/**
 * Succeeds on a replica that asks for WAL which its primary no longer has. Only PostgreSQL's log says so, every few
 * seconds.
 */
export const lacksWal = (server: Server): Shell => sh`
  ${askPatroni(server)} | grep '"role": *"replica"' | grep -qv '"replication_state": *"streaming"' &&
    timeout 1 journalctl --namespace=traffic -q -u patroni.service -S -20s -o cat --no-pager 2>/dev/null |
      grep -q 'requested WAL segment .* has already been removed'
`

/** Patroni's own status, on one line. */
const askPatroni = ({ address }: Server): Shell => sh`curl -s -m 1 ${`http://${address}:${restPort}/patroni`}`
