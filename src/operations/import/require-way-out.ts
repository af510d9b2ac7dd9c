import { isIP } from 'node:net'
import { failure } from '../../errors/failure.ts'
import { trimaran } from '../../speech/suggested-command.ts'
import type { Stack } from '../../stack/stack.ts'
import { isAmong } from '../../stack/networks.ts'
import type { LiveSource } from './live-source.ts'

/**
 * The firewall of the database servers lets them out where a link says so, and nowhere else. A name counts as linked where any link has
 * that port: only the servers know its address.
 * @throws TRI-IMPORT-004 where no link lets them out to the server that is to be read
 */
export function requireWayOut(
  { links, servers }: Pick<Stack, 'links' | 'servers'>,
  live: LiveSource,
  orElse = '',
): void {
  const { hostname, port } = new URL(live.url)
  const host = hostname.replaceAll(/^\[|\]$/g, '')
  const wanted = Number(port === '' ? postgresPort : port)
  const ways = links.filter(
    ({ from, to, protocol, ports }) =>
      (from === 'database' || from === 'servers') && to === 'outside' && protocol === 'tcp' && ports.includes(wanted),
  )
  const isLinked = ways.some(
    ({ users, addresses }) =>
      users === undefined && (addresses === undefined || isIP(host) === 0 || isAmong(host, addresses)),
  )
  if (isLinked || isLoopback(host) || servers.some(({ tier, address }) => tier === 'database' && address === host))
    return
  const address = isIP(host) === 0 ? `the address of ${host}` : host
  throw failure('TRI-IMPORT-004', {
    what: `The database servers may not connect to ${host} at port ${wanted}`,
    why: 'their firewall lets out what a link names, and nothing else',
    state: 'nothing was changed',
    next: `write links: [{ on: 'database', to: ['${address}'], ports: [${wanted}], why: 'moving in' }] into the file, and run ${trimaran('up')}${orElse}`,
  })
}

const postgresPort = 5432

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')
