import type { File } from '../../resources/resource.ts'
import { sh, type Shell } from '../../shell/sh.ts'
import { isAddress } from '../../stack/networks.ts'
import { databaseVariable, hasDatabaseElsewhere, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { rootFile } from '../root-file.ts'

/** Where the app connects to a database that is not part of the stack. */
export interface DatabaseAddress {
  /** A name, or an address. */
  readonly host: string
  readonly port: number
}

/** The ports of databases, by the scheme of their URLs. */
const usualPorts: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'mysql:': 3306,
  'mysql2:': 3306,
  'mariadb:': 3306,
  'sqlserver:': 1433,
  'mongodb:': 27_017,
  'redis:': 6379,
}

type Known = Pick<RenderContext, 'stack' | 'appSecrets'>

/** As its URL says; `undefined` where there is none, or where it names no host, such as a file. */
export function databaseElsewhere({ stack, appSecrets }: Known): DatabaseAddress | undefined {
  if (!hasDatabaseElsewhere(stack)) return undefined
  const text = appSecrets[databaseVariable] ?? stack.declared.app.env[databaseVariable] ?? ''
  // Drivers have schemes of their own before that of the database: `jdbc:postgresql:`, `postgresql+psycopg2:`.
  const plain = text.replace(/^jdbc:/, '').replace(/^(\w+)\+\w+:/, '$1:')
  if (!URL.canParse(plain)) return undefined
  const { hostname, port, protocol } = new URL(plain)
  const number = port === '' ? usualPorts[protocol] : Number(port)
  return hostname === '' || number === undefined ? undefined : { host: hostname, port: number }
}

/** Its address, where the URL has one: a name may lead to another address at any time. */
export function openedDatabase(context: Known): DatabaseAddress | undefined {
  const database = databaseElsewhere(context)
  return database !== undefined && isAddress(database.host) ? database : undefined
}

const path = '/etc/trimaran/app-database'

/** For the question whether it can be reached from here. */
export function databaseFile(context: RenderContext): readonly File[] {
  if (!hasDatabaseElsewhere(context.stack)) return []
  const { host, port } = databaseElsewhere(context) ?? { host: '', port: '' }
  return [rootFile(path, `${host} ${port}\n`, { mode: '0600', secret: true })]
}

/** Prints a line where the app's user cannot connect to it. */
export const askDatabase = (stack: Stack): Shell =>
  hasDatabaseElsewhere(stack)
    ? sh`
        if read -r host port 2>/dev/null <${path} && [ -n "$port" ]; then
          timeout 1 runuser -u app -- bash -c ${'exec 3<>"/dev/tcp/$0/$1"'} "$host" "$port" >/dev/null 2>&1 || echo database=unreachable
        fi
      `
    : sh``

export const databaseUnreachable =
  'cannot connect to the database of DATABASE_URL → see whether it runs, and lets this server in; where its address is private, app.privateNetworks must name it'
