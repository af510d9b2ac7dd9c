import ipaddr from 'ipaddr.js'
import { checkDomain } from './domain.ts'
import { checkSource } from './network.ts'
import type { Check, Objection } from './objection.ts'

/** Where the app may connect to: a name, an IPv4 address, or a network of such, and a port there. */
export interface Outbound {
  readonly host: string
  readonly port: number
  readonly isName: boolean
}

/** Reads `api.example.com:443`; what `checkOutbound` objects to is not read. */
export function readOutbound(value: string): Outbound {
  const [host = '', port] = value.split(':')
  return { host, port: Number(port), isName: !ipaddr.IPv4.isValidFourPartDecimal(host.split('/')[0]!) }
}

/** Objects to what is no host with a port: a URL, a name alone, a wildcard. */
export const checkOutbound: Check = (value) => {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/([^/:?#]+)(?::(\d+))?/i.exec(value)
  if (scheme !== null) {
    const [, name = '', host = '', stated] = scheme
    const port = stated ?? usualPorts[name.toLowerCase()]
    return {
      reason: 'it is a URL; connections are told apart by host and port',
      ...(port !== undefined && { suggestion: `write '${host}:${port}'` }),
    }
  }
  const [host = '', port, ...rest] = value.split(':')
  if (rest.length > 0) return { reason: 'it is IPv6, or has two ports; write a name or an IPv4 address, and one port' }
  if (port === undefined) return { reason: 'it lacks the port', suggestion: `write '${value}:443' for HTTPS` }
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535)
    return { reason: `${port === '' ? 'nothing' : port} is not a port; one is a number from 1 to 65535` }
  if (host.startsWith('*')) return { reason: 'a name stands for itself alone: list every name that the app calls' }
  return withPort(/^[\d./]+$/.test(host) ? checkSource(host) : checkDomain(host), port)
}

/** What is suggested for the host alone, as the whole value. */
function withPort(objection: Objection | undefined, port: string): Objection | undefined {
  if (objection?.suggestion === undefined) return objection
  return { ...objection, suggestion: objection.suggestion.replace(/^(write '.*)'$/, `$1:${port}'`) }
}

const usualPorts: Readonly<Record<string, string>> = {
  http: '80',
  https: '443',
  postgres: '5432',
  redis: '6379',
  smtp: '25',
}
