import { expect, it } from 'vitest'
import { TrimaranError } from '../errors/failure.ts'
import { findStart } from './check-start.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const files = {
  'server.js': '',
  'dist/main.js': '',
  'lib/index.js': '',
  'bin/run': '',
  'package.json': '{ "scripts": { "start": "node server.js", "migrate": "node migrate.js" } }',
}

it.each([
  // What is there, and what only a shell or the program itself could tell.
  'node server.js',
  'node server',
  'node lib',
  'node --enable-source-maps dist/main.js',
  'exec node server.js',
  'LOG=1 node server.js',
  './bin/run --port 3000',
  'npm start',
  'npm run migrate && node server.js',
  'node -r ./register.js somewhere.js',
  'node --import ./telemetry.js server.js',
  'node $MAIN',
  'python3 -m app',
  'node --test',
  'gunicorn app:app',
  'next start',
  'cd dist && exec node main.js',
  'cd dist && cd .. && node server.js',
  'cd / && node anything.js',
  'cd "$ROOT" && node main.js',
])('lets %s be', async (start) => {
  const tree = await temporaryFolder(files)
  await expect(findStart({ start, tree, source: tree })).resolves.toBeUndefined()
})

it.each([
  ['node main.js', 'The release has no main.js', 'did you mean dist/main.js?'],
  ['cd dist && node server.js', 'The release has no dist/server.js', 'did you mean server.js?'],
  [
    'npm run migrate && node app.js',
    'The release has no app.js',
    'it is in your folder, but git ignores it: let app.build make it',
  ],
  [
    './bin/start',
    'The release has no ./bin/start',
    'paths are seen from app.source; a file that the build makes must be made by app.build',
  ],
  ['npm run serve', 'package.json of the release has no script serve', 'add it, or use one of start, migrate'],
])('refuses %s', async (start, what, next) => {
  const tree = await temporaryFolder(files)
  const source = await temporaryFolder({ ...files, 'app.js': '' })
  const error = await findStart({ start, tree, source }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TrimaranError)
  expect(error).toMatchObject({ code: 'TRI-RELEASE-002', facts: { what, next } })
})
