import type { Folder } from './folder.ts'
import { pythonLists } from './python-project.ts'

export interface Databases {
  /** Where a driver of PostgreSQL is named; nothing where none is. */
  readonly postgres?: string
  /** Where an address of a database is read from the environment, by the name that Trimaran gives it. */
  readonly address?: string
  /** What an app needs beside it or in its place, that Trimaran does not bring. */
  readonly others: readonly { readonly name: string; readonly why: string }[]
}

const manifests =
  /(?:^|\/)(?:package\.json|deno\.jsonc?|Gemfile|composer\.json|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]+\.(?:cs|fs)proj|mix\.exs|schema\.prisma|database\.ya?ml|settings(?:\/\w+)?\.py)$/
const sources = /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|java|kt|cs|exs?|ya?ml|prisma)$/
/** Drivers that a language brings along are named in no list, but by an address in the code. */
const bringDrivers = /\.(?:php|py)$/
const postgresInCode = /\bpgsql:|\bpg_p?connect\(/

/** Drivers as manifests of all languages name them. */
const postgres =
  /"(?:pg|postgres|pg-promise|pg-boss|@types\/pg|@prisma\/adapter-pg|slonik|graphile-worker|@payloadcms\/db-postgres)"|provider\s*=\s*"postgresql"|adapter:\s*postgresql|\bpsycopg|\basyncpg|dj[-_]database[-_]url|env\.db\(|django\.db\.backends\.postgresql|gem ["']pg["']|lib\/pq\b|jackc\/pgx|tokio-postgres|sqlx[^\n]*postgres|diesel[^\n]*postgres|org\.postgresql|libs\.postgres|Npgsql|:postgrex|ext-(?:pdo_)?pgsql|npm:pg\b|npm:postgres\b/

/** What stands where PostgreSQL would, as Trimaran brings it. */
export const mySql = 'MySQL or MariaDB'

/** Signs of other stores, and what becomes of them. */
const otherStores: readonly { readonly name: string; readonly sign: RegExp; readonly inCode?: RegExp }[] = [
  {
    name: mySql,
    inCode: /\bmysqli|\bmysql:(?:host|dbname|unix_socket|port|charset)=|\bdefine\(\s*['"]DB_CHARSET['"]/i,
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
    inCode: /\bsqlite(?:\+\w+)?:\/\/|\bPDO\(\s*['"]sqlite:/,
    sign: /"(?:better-sqlite3|sqlite3|@libsql\/client)"|django\.db\.backends\.sqlite3|gem ["']sqlite3["']|mattn\/go-sqlite3|modernc\.org\/sqlite|rusqlite|Microsoft\.EntityFrameworkCore\.Sqlite|:ecto_sqlite3|ext-(?:pdo_)?sqlite|provider\s*=\s*"sqlite"/,
  },
]

/** Which databases an app mentions, in the lists of its packages, in code, or by the variable that Trimaran sets. */
export function findDatabases(folder: Folder): Databases {
  const lists = folder.find(manifests, pythonLists)
  const code = folder.find(bringDrivers)
  const find = (paths: readonly string[], sign: RegExp): string | undefined =>
    paths.find((path) => sign.test(folder.text(path)))
  const driver = find(lists, postgres) ?? find(code, postgresInCode)
  const address = readsAddress(folder)
  const others = otherStores.flatMap(({ name, sign, inCode }) => {
    const path = find(lists, sign) ?? (inCode && find(code, inCode))
    return path === undefined ? [] : [{ name, why: path }]
  })
  return { ...(driver !== undefined && { postgres: driver }), ...(address !== undefined && { address }), others }
}

/** Names of variables with the whole address of a database. */
const addresses = String.raw`\b(?:DATABASE_URL|SQLALCHEMY_DATABASE_URI)\b`
const named = new RegExp(addresses)
/** `os.environ['DATABASE_URL']`, `env("DATABASE_URL")`, `process.env.DATABASE_URL`, `${DATABASE_URL}`, `env(resolve:DATABASE_URL)`. */
const readFromEnvironment = new RegExp(
  String.raw`(?:env\w*(?:\.\w+)?!?\W{1,6}|env::var(?:_os)?\(\W*|\$\{|resolve:|config\(\W*)${addresses}`,
  'i',
)
/** A name of an address that holds a file's: `DATABASE_URL = 'sqlite:///./shop.db'`. */
const holdsFile = new RegExp(String.raw`${addresses}['"\]]*(?:\s*:\s*\w+)?\s*=\s*\w?["']sqlite`)

/** What pydantic calls settings has defaults for variables of the environment, and no constants. */
const isConstantIn = (text: string): boolean => holdsFile.test(text) && !/\bBaseSettings\b/.test(text)

/** Where one name of an address is a constant with that of a file, other mentions may be of the same constant. */
function readsAddress(folder: Folder): string | undefined {
  const paths = folder.find(sources)
  const isConstant = paths.some((path) => isConstantIn(folder.text(path)))
  const sign = isConstant ? readFromEnvironment : named
  return paths.find((path) => sign.test(folder.text(path)))
}

/** What to tell of stores that Trimaran does not bring. */
export const adviceOnStores = ({ others }: Databases, hasPostgres: boolean): readonly string[] =>
  others.flatMap(({ name, why }) => {
    if (name === 'SQLite')
      return hasPostgres
        ? []
        : [
            `${why} names SQLite: a file on an app server is lost with it, and each server has its own. Use PostgreSQL, or one app server and a folder that is kept`,
          ]
    const brings = name === mySql ? ': it brings PostgreSQL alone. Run one elsewhere' : ': run it elsewhere'
    return [
      `${why} names ${name}, which Trimaran does not bring${brings}, give the app its address in env, and name that address in privateNetworks`,
    ]
  })
