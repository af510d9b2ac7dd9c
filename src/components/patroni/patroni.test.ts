import { describe, expect, it } from 'vitest'
import type { File, Resource } from '../../resources/resource.ts'
import type { RenderContext } from '../component.ts'
import { etcd } from '../etcd/index.ts'
import { system } from '../system/index.ts'
import { contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { patroni } from './index.ts'
import { scramVerifier } from './passwords.ts'

const all = [system, etcd, patroni]
const five = fiveServers(all)
const nine = nineServers(all)

const fileAt = (resources: readonly Resource[], path: string): File => {
  const found = resources.find((resource) => resource.kind === 'file' && resource.path === path)
  if (found === undefined) throw new Error(`${path} is not rendered`)
  return found as File
}

const configOf = (context: RenderContext): string => fileAt(patroni.render(context), '/etc/patroni/config.yml').content

/** The same stack with other settings of the user. */
const withSettings = (settings: RenderContext['stack']['declared']['database']['settings']): RenderContext => {
  const context = contextFor(five, 'db-1')
  const declared = { ...five.declared, database: { ...five.declared.database, settings } }
  return { ...context, stack: { ...five, declared } }
}

describe('patroni', () => {
  it('renders its configuration', async () => {
    await expect(configOf(contextFor(five, 'db-1'))).toMatchFileSnapshot('goldens/five-db-1.yml.cfg')
    await expect(configOf(contextFor(nine, 'db-2'))).toMatchFileSnapshot('goldens/nine-db-2.yml.cfg')
  })

  it('renders what stands around it', async () => {
    const resources = patroni.render(contextFor(nine, 'db-2'))
    const golden = async (path: string, name: string): Promise<void> =>
      expect(fileAt(resources, path).content).toMatchFileSnapshot(`goldens/${name}.cfg`)
    await golden('/etc/systemd/system/patroni.service.d/60-trimaran.conf', 'patroni.service')
    await golden('/etc/patroni/create-app-database.sql', 'create-app-database.sql')
    await golden('/etc/patroni/set-passwords.sql', 'set-passwords.sql')
  })

  it('keeps what holds a password from other users, and out of plans', () => {
    const files = patroni
      .render(contextFor(nine, 'db-1'))
      .filter((resource): resource is File => resource.kind === 'file')
    const telling = files.filter(({ content }) => content.includes('secret-of-'))
    expect(telling.map(({ path }) => path)).toEqual(['/etc/patroni/config.yml'])
    const verifying = files.filter(({ content }) => content.includes('SCRAM-SHA-256$'))
    expect(verifying.map(({ path }) => path)).toEqual([
      '/etc/patroni/create-app-database.sql',
      '/etc/patroni/set-passwords.sql',
    ])
    expect([...telling, ...verifying].every(({ mode, secret }) => mode === '0640' && secret === true)).toBe(true)
  })

  it('never restarts the database for a change of its files', () => {
    const wishes = patroni.render(contextFor(nine, 'db-1')).map((one) => ('onChange' in one ? one.onChange : undefined))
    expect(wishes).toContain('reload')
    expect(wishes).not.toContain('restart')
  })

  it('tunes by memory', () => {
    const config = configOf(contextFor(five, 'db-1', { memoryBytes: 64 * 1024 ** 3 }))
    expect(config).toContain('shared_buffers: "16384MB"')
    expect(config).toContain('work_mem: "81MB"')
    expect(config).toContain('maintenance_work_mem: "1024MB"')
    expect(configOf(contextFor(five, 'db-1', { memoryBytes: 512 * 1024 ** 2 }))).toContain('shared_buffers: "128MB"')
  })

  it('lets settings of the user win, each where Patroni looks for it', () => {
    const config = configOf(
      withSettings({ max_connections: 50, shared_buffers: '1GB', jit: true, 'app.greeting': "it's" }),
    )
    const [shared, local] = config.split('\npostgresql:\n') as [string, string]
    expect(shared).toContain('max_connections: 50\n')
    expect(local).not.toContain('max_connections')
    expect(local).toContain('shared_buffers: "1GB"\n')
    expect(local).toContain('jit: true\n')
    expect(local).toContain('app.greeting: "it\'s"\n')
    expect(config.match(/shared_buffers/g)).toHaveLength(1)
  })

  it('says what it accepts from whom', () => {
    const links = patroni.links(nine).map(({ from, to, ports }) => `${from} → ${to}:${ports.join()}`)
    expect(links).toEqual([
      'app → database:5432',
      'app → database:8008',
      'database → database:5432',
      'database → database:8008',
    ])
  })

  it('explains what is true of this stack', () => {
    expect(patroni.explain(serverNamed(five, 'db-1'), five).whenItDies).toContain('db-1 is the only one')
    expect(patroni.explain(serverNamed(nine, 'db-1'), nine).brings.redundancy).toContain('losing any one server')
  })

  it('tells PostgreSQL no password, but what proves it', () => {
    // RFC 7677, 3: the example's password and salt.
    expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    )
  })
})
