import type { DatabaseWish } from './draft.ts'
import type { Folder } from './folder.ts'

/** Where packages lie in a release, seen from its folder; PYTHONPATH names it. */
const packagesFolder = 'site-packages'
/** Debian 13's Python. */
const version = '3.13'

/** Files that list Python packages, wherever they lie. */
export const pythonLists =
  /(?:^|\/)(?:[\w.-]*requirements[\w.-]*\.txt|requirements\/[\w.-]+\.txt|pyproject\.toml|Pipfile)$/

export interface PythonProject {
  /** Whether it names a package among those that it needs. */
  readonly requires: (name: string) => boolean
  /** Whether it says at all which packages it needs; otherwise they are Debian's. */
  readonly isListed: boolean
  /** Puts packages into the release; nothing where they are Debian's. */
  readonly install?: string
  readonly advice: readonly string[]
}

/** Packages for the servers' Python, whatever Python this computer has: only what is built already, no source. */
const pip = (what: string): string =>
  `python3 -m pip install --target ${packagesFolder} --python-version ${version} --only-binary=:all: ${what}`

interface Lists {
  readonly file: string
  readonly install: string
  readonly advice?: string
}

const lists: readonly Lists[] = [
  {
    file: 'uv.lock',
    install: `uv export --frozen --no-dev --no-emit-project --output-file requirements.lock.txt && uv pip install --target ${packagesFolder} --python-version ${version} --python-platform linux --only-binary :all: --requirements requirements.lock.txt`,
    advice: 'the build needs uv on this computer',
  },
  {
    file: 'poetry.lock',
    install: `poetry export --output requirements.lock.txt && ${pip('-r requirements.lock.txt')}`,
    advice: 'the build needs Poetry on this computer, with the plugin poetry-plugin-export',
  },
  {
    file: 'Pipfile.lock',
    install: `pipenv requirements > requirements.lock.txt && ${pip('-r requirements.lock.txt')}`,
    advice: 'the build needs pipenv on this computer',
  },
  { file: 'requirements.txt', install: pip('-r requirements.txt') },
  { file: 'requirements/production.txt', install: pip('-r requirements/production.txt') },
  { file: 'requirements/prod.txt', install: pip('-r requirements/prod.txt') },
  { file: 'requirements/base.txt', install: pip('-r requirements/base.txt') },
]

/** What a folder says about its Python packages. */
export function pythonProject(folder: Folder): PythonProject {
  const texts = folder.find(pythonLists).map((path) => folder.text(path).replaceAll(/#.*$/gm, ''))
  const list = lists.find(({ file }) => folder.has(file))
  const requires = (name: string): boolean =>
    texts.some((text) => new RegExp(`(?:^|["'\\s\\[])${name}(?:["'\\s=<>~!;,[\\]]|$)`, 'im').test(text))
  return {
    requires,
    isListed: texts.length > 0,
    ...(list && { install: list.install }),
    advice: [
      ...(list?.advice === undefined ? [] : [list.advice]),
      ...(list === undefined && texts.length > 0
        ? ['its packages are listed in no file that a build can install: `pip freeze > requirements.txt`, or `uv lock`']
        : []),
    ],
  }
}

/** Programs of packages, and the module that is the same: their own files name the Python of this computer. */
const modules: Readonly<Record<string, string>> = {
  gunicorn: 'gunicorn',
  uvicorn: 'uvicorn',
  hypercorn: 'hypercorn',
  daphne: 'daphne',
  celery: 'celery',
  flask: 'flask',
  alembic: 'alembic',
  fastapi: 'fastapi',
  streamlit: 'streamlit',
  'waitress-serve': 'waitress',
  'django-admin': 'django',
}

/** A command that starts a program of a package, such that the servers' Python runs it. */
export function withServersPython(command: string): string {
  const [program = ''] = command.split(' ')
  if (/^(?:poetry|pipenv|uv) run /.test(command)) return withServersPython(command.replace(/^\w+ run /, ''))
  if (program === 'python') return `python3${command.slice(program.length)}`
  const module = modules[program]
  return module === undefined ? command : `python3 -m ${module}${command.slice(program.length)}`
}

/** Debian's packages for what an app imports, where it has no list of its own. */
const debianNames = {
  django: 'python3-django',
  flask: 'python3-flask',
  fastapi: 'python3-fastapi',
  uvicorn: 'python3-uvicorn',
  gunicorn: 'python3-gunicorn',
  daphne: 'python3-daphne',
  channels: 'python3-django-channels',
  asyncpg: 'python3-asyncpg',
  alembic: 'python3-alembic',
  psycopg: 'python3-psycopg',
  psycopg2: 'python3-psycopg2',
  sqlalchemy: 'python3-sqlalchemy',
  flask_sqlalchemy: 'python3-flask-sqlalchemy',
  flask_migrate: 'python3-flask-migrate',
  whitenoise: 'python3-whitenoise',
  rest_framework: 'python3-djangorestframework',
  dj_database_url: 'python3-dj-database-url',
  environ: 'python3-django-environ',
  redis: 'python3-redis',
  requests: 'python3-requests',
  jinja2: 'python3-jinja2',
  celery: 'python3-celery',
  PIL: 'python3-pil',
  yaml: 'python3-yaml',
} as const

type KnownModule = keyof typeof debianNames

interface PythonRuntime {
  readonly runtime: { readonly packages: readonly string[] }
  readonly env?: { readonly PYTHONPATH: string }
}

/**
 * The runtime, and where Python finds packages: those of the release, or Debian's where the folder lists none.
 *
 * `servers` are modules that the start command needs, such as `gunicorn`; `isInSrc` says that the app itself lies in `src/`.
 */
export function pythonRuntime(
  folder: Folder,
  project: PythonProject,
  { servers = [], isInSrc = false }: { readonly servers?: readonly KnownModule[]; readonly isInSrc?: boolean } = {},
): PythonRuntime {
  const places = [...(project.install === undefined ? [] : [packagesFolder]), ...(isInSrc ? ['src'] : [])]
  const found = places.length > 0 && { env: { PYTHONPATH: places.join(':') } }
  if (project.install !== undefined)
    return {
      runtime: { packages: ['python3', ...servers.filter((name) => !project.requires(name)).map(debianNameOf)] },
      ...found,
    }
  const sources = folder
    .find(/\.py$/)
    .map((path) => folder.text(path))
    .join('\n')
  const imported = Object.entries(debianNames)
    .filter(([name]) =>
      new RegExp(`^\\s*(?:import|from)\\s+${name}\\b|['"]${name}(?:\\.[\\w.]+)?['"]`, 'm').test(sources),
    )
    .map(([, debianName]) => debianName)
  const engine = /django\.db\.backends\.postgresql|dj_database_url|env\.db\(/.test(sources) ? [debianNames.psycopg] : []
  const packages = [...new Set([...imported, ...servers.map(debianNameOf), ...engine])]
  return { runtime: { packages: ['python3', ...packages.toSorted()] }, ...found }
}

const debianNameOf = (name: KnownModule): string => debianNames[name]

/** SQLAlchemy knows `postgresql://` alone, and names its driver there. Nothing where it is not used. */
export function forSqlAlchemy(folder: Folder, project: PythonProject): DatabaseWish {
  const sources = folder
    .find(/\.py$/)
    .map((path) => folder.text(path))
    .join('\n')
  const isUsed =
    ['sqlalchemy', 'flask-sqlalchemy', 'sqlmodel'].some((name) => project.requires(name)) || /sqlalchemy/i.test(sources)
  if (!isUsed || !/\b(?:DATABASE_URL|SQLALCHEMY_DATABASE_URI)\b/.test(sources)) return {}
  const driver =
    ['asyncpg', 'psycopg'].find((name) => project.requires(name)) ??
    (/\bpsycopg\b/.test(sources) ? 'psycopg' : undefined)
  const scheme = driver === undefined ? 'postgresql' : `postgresql+${driver}`
  return {
    env: { SQLALCHEMY_DATABASE_URI: { code: `database.url({ scheme: '${scheme}' })` } },
    advice: /\bSQLALCHEMY_DATABASE_URI\b/.test(sources)
      ? []
      : [
          'SQLAlchemy does not know postgres://, with which DATABASE_URL begins: read SQLALCHEMY_DATABASE_URI, which the config sets',
        ],
  }
}
