import { expect, it } from 'vitest'
import { isPrivate, looksPrivate, removePrivate } from './private-files.ts'
import { namesIn, shell } from './testing/git-repository.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

it.each([
  '.env',
  '.env.production',
  'config/.env.local',
  '.envrc',
  'prod.env',
  '.dev.vars',
  '.npmrc',
  'packages/web/.npmrc',
  '.netrc',
  '_netrc',
  '.pgpass',
  '.my.cnf',
  '.git-credentials',
  '.vault-token',
  '.htpasswd',
  'id_rsa',
  'id_ed25519_deploy',
  'ID_RSA',
  'tls/server.key',
  'config/master.key',
  'cert.pfx',
  'Cert.P12',
  'store.jks',
  'passwords.kdbx',
  'secrets.yml',
  'config/secrets.production.yaml',
  'app-secrets.json',
  'credentials.json',
  'config/credentials',
  'service-account.json',
  'my-serviceaccount-prod.json',
  'client_secret_1.json',
  'x-firebase-adminsdk-1.json',
  '.aws/credentials',
  '.ssh/config',
  '.kube/config',
  '.docker/config.json',
  'terraform.tfstate',
  'terraform.tfstate.backup',
  'prod.tfvars',
  '.terraform/modules/x',
  '.trimaran/key',
  'sub/.git/config',
  '.psql_history',
])('takes %s for private', (path) => expect(looksPrivate(path)).toBe(true))

it.each([
  '.env.example',
  '.env.production.sample',
  'env.js',
  'src/environment.ts',
  'id_rsa.pub',
  'src/secrets.ts',
  'lib/credentials.rb',
  'config/credentials.yml.enc',
  'secretary.json',
  'src/secrets/index.js',
  'public/keyboard.css',
  'monkey.txt',
  'package-lock.json',
  '.yarnrc.yml',
  '.docker/Dockerfile',
  'node_modules/agent-base/test/ssl-cert-snakeoil.key',
  'node_modules/x/.npmrc',
  '.venv/lib/python3.13/site-packages/certifi/cacert.pem',
  'vendor/bundle/ruby/cacert.pem',
])('takes %s for no secret', (path) => expect(looksPrivate(path)).toBe(false))

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const key = '-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n'

it.each([
  ['certs/ca.pem', certificate, false],
  ['certs/server.pem', certificate + key, true],
  ['certs/unknown.pem', 'x', true],
  ['deploy-key', key, true],
  ['old-ssh', '-----BEGIN OPENSSH PRIVATE KEY-----\n', true],
  ['src/pem.js', `export const begin = '-----BEGIN PRIVATE KEY-----'`, false],
  ['node_modules/x/test/deploy-key', key, false],
])('looks into what could be a key: %s', async (path, text, expected) => {
  expect(await isPrivate(await temporaryFolder({ [path]: text }), path)).toBe(expected)
})

it('removes what is private from a release, but for what is meant to be shipped and what others published', async () => {
  const tree = await temporaryFolder({
    'server.js': '',
    '.npmrc': '',
    'certs/a.key': '',
    'certs/b.key': '',
    'node_modules/x/.npmrc': '',
    'keys/one/id_rsa': '',
  })
  const removed = async (include: readonly string[]): Promise<readonly string[]> =>
    (await removePrivate(tree, include)).map(({ path }) => path)
  expect(await removed(['certs/b.key', 'keys'])).toEqual(['.npmrc', 'certs/a.key'])
  expect(await removed(['keys'])).toEqual(['certs/b.key'])
  expect(await removed(['keys/on'])).toEqual(['keys/one/id_rsa'])
})

it('removes what has a name that is no UTF-8, and what cannot be shipped at all, wherever it lies', async () => {
  const tree = await temporaryFolder({ 'node_modules/x/index.js': '' })
  shell(tree, String.raw`touch $'\377.key' $'line\nend.env'; mkfifo node_modules/x/pipe`)
  expect(await removePrivate(tree, [])).toEqual([
    { path: 'line\nend.env', why: 'secret' },
    { path: '\u00ff.key', why: 'secret' },
    { path: 'node_modules/x/pipe', why: 'special' },
  ])
  expect(namesIn(tree)).toEqual(['node_modules/x/index.js'])
})
