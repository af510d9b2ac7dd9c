import { createHash } from 'node:crypto'
import { checkDomain } from '../../config/values/domain.ts'
import { type Outbound, readOutbound } from '../../config/values/outbound.ts'
import { isAddress } from '../../stack/networks.ts'
import type { RenderContext } from '../component.ts'
import { databaseElsewhere } from './database-elsewhere.ts'

/** The only hosts that the app may call: those of `app.outbound`, and its database elsewhere where that goes by a name. */
export interface OnlyHosts {
  /** Addresses and networks, in order. */
  readonly places: readonly Outbound[]
  readonly names: readonly AllowedName[]
  /** Names of the site itself: they are looked up, and its address is open anyhow. */
  readonly ownNames: readonly string[]
}

/** A name that the app may call, at these ports. */
export interface AllowedName {
  readonly name: string
  readonly ports: readonly number[]
}

/** `undefined` where the config does not limit it. */
export function onlyHosts(context: Pick<RenderContext, 'stack' | 'appSecrets'>): OnlyHosts | undefined {
  const { app, balancer } = context.stack.declared
  if (app.outbound === undefined) return undefined
  const stated = [...new Set(app.outbound)].map(readOutbound)
  const named = [...stated.filter(({ isName }) => isName), ...databaseByName(context)]
  const names = [...new Set(named.map(({ host }) => host))].toSorted().map((name) => ({
    name,
    ports: [...new Set(named.filter(({ host }) => host === name).map(({ port }) => port))].toSorted((a, b) => a - b),
  }))
  const places = stated
    .filter(({ isName }) => !isName)
    .toSorted((a, b) => a.host.localeCompare(b.host) || a.port - b.port)
  const ownNames = (balancer.domains ?? []).filter(
    (name) => names.length > 0 && names.every((other) => other.name !== name),
  )
  return { places, names, ownNames: ownNames.toSorted() }
}

/** The addresses and networks among what `app.outbound` lists. */
export const placesIn = (outbound: readonly string[]): readonly string[] =>
  outbound.map(readOutbound).flatMap(({ host, isName }) => (isName ? [] : [host]))

/** What is no name of a host cannot be looked up, nor stand in a file of dnsmasq. */
function databaseByName(context: Pick<RenderContext, 'stack' | 'appSecrets'>): readonly Outbound[] {
  const database = databaseElsewhere(context)
  const host = database?.host.toLowerCase() ?? ''
  if (database === undefined || isAddress(host) || checkDomain(host) !== undefined) return []
  return [{ host, port: database.port, isName: true }]
}

/** The longest name of a set in nftables, without what follows it. */
const longest = 240

/** The set of nftables with the addresses that the app was told for a name. Sets keep their addresses when rules are loaded anew. */
export const setOf = (name: string): string =>
  `to-${name.length <= longest ? name : createHash('sha256').update(name).digest('hex')}`
