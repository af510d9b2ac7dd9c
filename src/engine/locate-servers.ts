import { shortQuery } from './short-query.ts'
import { isIPv4 } from 'node:net'
import { checkAddress } from '../config/values/network.ts'
import { failure, TrimaranError } from '../errors/failure.ts'
import { sh } from '../shell/sh.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import type { Emit } from '../events/event.ts'
import type { KnownServer } from './known-servers.ts'

/**
 * Finds the private address of each server that states none: the one at which the server itself sees our SSH connection
 * arrive. Answers are remembered, so that a server that is off later still has its address.
 * @throws TRI-SSH-001 for a server that was never reached: its neighbours need its address.
 */
export async function locateServers(
  servers: readonly Server[],
  known: readonly KnownServer[],
  connect: (server: Server) => Promise<Connection>,
  emit: Emit,
): Promise<ReadonlyMap<string, string>> {
  const tries = await Promise.allSettled(
    servers.map(async (server) => [server.name, await locate(server, known, connect, emit)] as const),
  )
  const failures = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  if (failures.length > 0) throw allOf(failures)
  return new Map(tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
}

/** All unreachable servers are named, not only the first. */
function allOf(failures: readonly unknown[]): unknown {
  const told = failures.filter((error) => error instanceof TrimaranError)
  if (told.length < failures.length) return failures.find((error) => !(error instanceof TrimaranError))
  const [first] = told
  if (first === undefined || told.length === 1) return first
  return failure(first.code, {
    what: `${told.length} servers could not be reached`,
    why: told
      .map(({ facts: { what, why } }) =>
        [
          what,
          why
            ?.split('\n')
            .map((line) => `  ${line}`)
            .join('\n'),
        ]
          .filter(Boolean)
          .join('\n'),
      )
      .join('\n'),
    next: [...new Set(told.flatMap(({ facts: { next } }) => next ?? []))].join('\n'),
  })
}

async function locate(
  server: Server,
  known: readonly KnownServer[],
  connect: (server: Server) => Promise<Connection>,
  emit: Emit,
): Promise<string> {
  if (isIPv4(server.address)) return server.address
  const remembered = known.find(({ name, destination }) => name === server.name && destination === server.destination)
  if (remembered !== undefined) return remembered.address
  const address = await askAddress(server, connect)
  emit({ type: 'note', level: 'info', text: `${server.name} (${server.destination}) has the address ${address}` })
  return address
}

async function askAddress(server: Server, connect: (server: Server) => Promise<Connection>): Promise<string> {
  // sudo drops the variable, so it is read from the process that sshd started.
  const question = sh`
    pid=$$
    while [ "$pid" -gt 1 ]; do
      found=$(tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep '^SSH_CONNECTION=') && break
      while read -r key value; do [ "$key" = PPid: ] && parent=$value; done <"/proc/$pid/status"
      pid=$parent
    done
    set -- \${found#SSH_CONNECTION=}
    echo "$3"
  `
  const next = `state it: { ssh: '${server.destination}', address: '10.0.0.…' }`
  try {
    const connection = await connect(server)
    const { stdout } = await connection.run(question.text, shortQuery)
    const address = stdout.trim()
    // All its neighbours get this address.
    if (checkAddress(address) === undefined) return address
    throw failure('TRI-SSH-001', {
      what: `${server.name} was reached at ${address === '' ? 'an unknown address' : JSON.stringify(address.slice(0, 60))}, which cannot be a server's own IPv4 address`,
      next,
    })
  } catch (error) {
    if (!(error instanceof TrimaranError) || error.code !== 'TRI-SSH-001') throw error
    throw failure('TRI-SSH-001', {
      ...error.facts,
      why: `${error.facts.why ?? ''}\nIts private address is not known yet, and its neighbours need it`.trim(),
      // A wrong host name must be corrected; for a server that is off, the file can also state the address.
      next: /resolve/.test(error.facts.why ?? '') ? (error.facts.next ?? next) : `start it, or ${next}`,
    })
  }
}
