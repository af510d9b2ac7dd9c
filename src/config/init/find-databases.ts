import type { Folder } from './folder.ts'

export interface Databases {
  /** Where PostgreSQL is mentioned; nothing where it is not. */
  readonly postgres?: string
  /** What an app needs beside it or in its place, that Trimaran does not bring. */
  readonly others: readonly { readonly name: string; readonly why: string }[]
}

const manifests =
  /(?:^|\/)(?:package\.json|deno\.jsonc?|[\w.-]*requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|Gemfile|composer\.json|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]+\.(?:cs|fs)proj|mix\.exs|schema\.prisma|database\.ya?ml|settings(?:\/\w+)?\.py)$/
const sources = /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|java|kt|cs|exs?|ya?ml)$/

/** Drivers as manifests of all languages name them. */
const postgres =
  /"(?:pg|postgres|pg-promise|pg-boss|@types\/pg|@prisma\/adapter-pg|slonik|graphile-worker|@payloadcms\/db-postgres)"|provider\s*=\s*"postgresql"|adapter:\s*postgresql|\bpsycopg|\basyncpg|dj[-_]database[-_]url|env\.db\(|django\.db\.backends\.postgresql|gem ["']pg["']|lib\/pq\b|jackc\/pgx|tokio-postgres|sqlx[^\n]*postgres|diesel[^\n]*postgres|org\.postgresql|Npgsql|:postgrex|ext-(?:pdo_)?pgsql|npm:pg\b|npm:postgres\b/

/** Signs of other stores, and what becomes of them. */
const otherStores = [
  {
    name: 'MySQL or MariaDB',
    sign: /"mysql2?"|"mariadb"|mysqlclient|pymysql|gem ["'](?:mysql2|trilogy)["']|go-sql-driver\/mysql|mysql-connector|MySqlConnector|Pomelo|:myxql|ext-(?:pdo_)?mysqli?\b|provider\s*=\s*"mysql"/i,
  },
  {
    name: 'MongoDB',
    sign: /"mongodb"|"mongoose"|pymongo|gem ["'](?:mongoid|mongo)["']|mongo-driver|mongodb-driver|spring-boot-starter-data-mongodb|MongoDB\.Driver|:mongodb_driver/,
  },
  {
    name: 'Redis',
    sign: /"(?:redis|ioredis|bullmq|bull)"|^redis\b|django-redis|gem ["'](?:redis|sidekiq)["']|go-redis|spring-boot-starter-data-redis|StackExchange\.Redis|predis\/predis|:redix/m,
  },
  {
    name: 'SQLite',
    sign: /"(?:better-sqlite3|sqlite3|@libsql\/client)"|django\.db\.backends\.sqlite3|gem ["']sqlite3["']|mattn\/go-sqlite3|modernc\.org\/sqlite|rusqlite|Microsoft\.EntityFrameworkCore\.Sqlite|:ecto_sqlite3|ext-(?:pdo_)?sqlite|provider\s*=\s*"sqlite"/,
  },
] as const

/** Which databases an app mentions, in the lists of its packages or by the variable that Trimaran sets. */
export function findDatabases(folder: Folder): Databases {
  const lists = folder.find(manifests)
  const listing = lists.find((path) => postgres.test(folder.text(path)))
  const reading = folder
    .find(sources)
    .find((path) => /\b(?:DATABASE_URL|SQLALCHEMY_DATABASE_URI)\b/.test(folder.text(path)))
  const others = otherStores.flatMap(({ name, sign }) => {
    const path = lists.find((one) => sign.test(folder.text(one)))
    return path === undefined ? [] : [{ name, why: path }]
  })
  const found = listing ?? reading
  return { ...(found !== undefined && { postgres: found }), others }
}

/** What to tell of stores that Trimaran does not bring. */
export const adviceOnStores = ({ postgres: has, others }: Databases): readonly string[] =>
  others.flatMap(({ name, why }) => {
    if (name === 'SQLite')
      return has === undefined
        ? [
            `${why} names SQLite: a file on an app server is lost with it, and each server has its own. Use PostgreSQL, or one app server and a folder that is kept`,
          ]
        : []
    return [
      `${why} names ${name}, which Trimaran does not bring: run it elsewhere, give the app its address in env, and name that address in privateNetworks`,
    ]
  })
