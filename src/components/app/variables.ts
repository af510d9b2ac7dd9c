import { type DatabaseWay, databaseWays, statedDatabaseUrl } from '../../config/database-ways.ts'
import {
  type DatabaseReferent,
  partsOf,
  type Reference,
  type Referent,
  referencesIn,
  type VariableInput,
} from '../../config/references.ts'
import { publicAddress, siteName } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { type DatabaseUrl, hostInUrl, readDatabaseUrl } from '../../config/values/database-url.ts'

type Known = Pick<RenderContext, 'stack' | 'appSecrets' | 'appVariables'>
type Values = Readonly<Record<string, string>>

/** The variables of the config that are the same for all copies of the app on a server, with the values of this stack. */
export const commonVariables = (context: Known): Values => valuesOf(context, (value) => !isOfCopy(value), '')

/** Those that have the port of a copy in them; `port` is written in its place. They hold no secret. */
export const variablesOfCopy = (context: Known, port: string): Values => valuesOf(context, isOfCopy, port)

const isOfCopy = (value: VariableInput): boolean => referencesIn(value).some(({ refersTo }) => refersTo === 'app.port')

function valuesOf(context: Known, isMeant: (value: VariableInput) => boolean, port: string): Values {
  const known = valuesOfReferents(context, port)
  const valueOf = (part: string | Reference): string => {
    if (typeof part === 'string') return part
    const value = known[part.refersTo]
    if (part.isEncoded !== true) return value
    return part.refersTo.endsWith('.host') ? hostInUrl(value) : encodeURIComponent(value)
  }
  return Object.fromEntries(
    Object.entries(context.stack.declared.app.env)
      .filter(([, value]) => isMeant(value))
      .map(([name, value]) => [name, partsOf(value).map(valueOf).join('')]),
  )
}

/** What each reference stands for. The parts of the database are those of the URLs that the app gets. */
function valuesOfReferents(
  { stack, appSecrets, appVariables }: Known,
  port: string,
): Readonly<Record<Referent, string>> {
  const given = Object.assign({}, ...appVariables.map(({ values }) => values)) as Values
  const urlOf = (way: DatabaseWay): DatabaseUrl => {
    const url =
      given[databaseWays[way]] ??
      given[databaseWays.database] ??
      statedDatabaseUrl(way, stack.declared.app.env, appSecrets)?.url
    return readDatabaseUrl(url ?? '') ?? unknown
  }
  const ofWays = (Object.keys(databaseWays) as readonly DatabaseWay[]).flatMap((way) =>
    Object.entries(urlOf(way)).map(([part, value]) => [`${way}.${part}`, String(value)]),
  )
  return {
    ...(Object.fromEntries(ofWays) as Readonly<Record<DatabaseReferent, string>>),
    'app.port': port,
    'site.host': siteName(stack),
    'site.address': publicAddress(stack),
  }
}

/** While servers are only asked, secrets are not known. */
const unknown: DatabaseUrl = { host: '', port: 0, user: '', password: '', name: '' }
