import * as fc from 'fast-check'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TrimaranError } from '../../errors/failure.ts'
import { parseConfig } from '../parse-config.ts'
import { detectApp } from './detect-app.ts'
import { createFolder } from './folder.ts'
import { styleOf } from './source-style.ts'
import { filesIn, goldens, separator } from './testing/goldens.ts'
import { runConfig } from './testing/run-config.ts'
import { writeConfigText } from './write-config-text.ts'

const folders = globSync('*.txt', { cwd: goldens })
  .sort()
  .map((name) => filesIn(readFileSync(join(goldens, name), 'utf8').split(separator)[0]!))

/** What any app may have beside its own files: signs of databases, of variables, of other apps. */
const twists: Readonly<Record<string, string>> = {
  'requirements.txt': 'sqlalchemy\nchannels[daphne]\npsycopg[binary]\n',
  'composer.json': '{"require": {"ext-pdo_mysql": "*"}}',
  'db/settings.py': "DATABASE_URL = 'sqlite:///./a.db'\nfrom sqlalchemy import create_engine",
  'db/url.py': "SQLALCHEMY_DATABASE_URL = 'sqlite://'\nimport sqlalchemy",
  'db/read.ts': 'connect(process.env.DATABASE_URL)',
  'db/parts.ts': 'connect(process.env.DB_HOST, process.env.DB_PASSWORD)',
  'db/parts.py': "host = os.environ['SQL_HOST'], os.environ['SQL_PASSWORD']",
  'db/mysqli.php': '<?php new mysqli(getenv("DB_HOST"));',
  'db/pdo.php': "<?php new PDO('pgsql:host=' . getenv('DB_HOST'));",
  'build.gradle': "implementation 'org.springframework.boot:spring-boot'\nruntimeOnly(libs.postgresql)",
  'appsettings.json': '{ "ConnectionStrings": { "my-shop": "", "9": "", "Shop": "" } }',
  'Infrastructure/Infrastructure.csproj': '<PackageReference Include="Npgsql" />',
  Procfile: 'web: ./server --port $PORT\nworker: node --env-file=.env worker.js\n',
  'server/index.html': '',
  'public/static/style.css': '',
}

const some = (files: Readonly<Record<string, string>>) =>
  fc.subarray(Object.entries(files)).map((entries) => Object.fromEntries(entries))

/** One or two folders as one, without some of their files, and with files of other kinds. */
const folder = fc
  .record({
    whole: fc.constantFrom(...folders),
    other: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.constantFrom(...folders).chain(some)),
    twists: fc.subarray(Object.entries(twists), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    left: fc.oneof(
      { weight: 3, arbitrary: fc.constant<readonly string[]>([]) },
      fc.constantFrom(...folders.flatMap(Object.keys)).map((path) => [path]),
    ),
  })
  .map(({ whole, other, twists: added, left }) =>
    Object.fromEntries(Object.entries({ ...other, ...whole, ...added }).filter(([path]) => !left.includes(path))),
  )

/** What is written for a folder; nothing where it is refused. */
function written(files: Readonly<Record<string, string>>): string | undefined {
  const texts = new Map(Object.entries(files).filter(([path]) => !path.endsWith('/')))
  try {
    return writeConfigText(detectApp(createFolder('shop', Object.keys(files), texts)), styleOf([]))
  } catch (error) {
    if (error instanceof TrimaranError) return undefined
    throw error
  }
}

it('drafts nothing that our own parser refuses, whatever lies in a folder', () => {
  fc.assert(
    fc.property(folder, (files) => {
      const text = written(files)
      if (text === undefined) return
      expect(text).not.toContain('undefined')
      const { app } = parseConfig(runConfig(text))
      const secrets = app.secrets.map(({ name }) => name)
      expect(secrets.filter((name) => Object.hasOwn(app.env, name))).toEqual([])
    }),
    { numRuns: 800 },
  )
})
