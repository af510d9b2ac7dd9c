/** The parts of the URL of a database. */
export interface DatabaseUrl {
  /** A name, or an address; one of IPv6 is without brackets. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly name: string
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

/**
 * `undefined` where it is no URL, or does not name one host: that of a file names none, that of a cluster several, and
 * `mongodb+srv:` a name under which DNS lists them.
 */
export function readDatabaseUrl(text: string): DatabaseUrl | undefined {
  // Drivers have schemes of their own before that of the database: `jdbc:postgresql:`, `postgresql+psycopg2:`.
  const plain = text.replace(/^jdbc:/, '').replace(/^(\w+)\+\w+:/, '$1:')
  if (/^\w+\+srv:/.test(text) || !URL.canParse(plain)) return undefined
  const { hostname, port, protocol, username, password, pathname } = new URL(plain)
  const number = port === '' ? usualPorts[protocol] : Number(port)
  const host = /^\[(.+)\]$/.exec(hostname)?.[1] ?? hostname
  if (number === undefined || !/^(?:[\w.-]+|[\da-f:.]+)$/i.test(host)) return undefined
  return {
    host,
    port: number,
    user: decoded(username),
    password: decoded(password),
    name: decoded(pathname.slice(1)),
  }
}

/** A percent sign may stand for itself: then nothing was encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A host as a URL has it. */
export const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)
