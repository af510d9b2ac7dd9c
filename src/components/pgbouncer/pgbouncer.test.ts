import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { contextFor, nineServers } from '../testing/stacks.ts'
import { readPgbouncer } from './health.ts'
import { pgbouncer } from './index.ts'
import { tunePool } from './tune.ts'

const plain = nineServers([pgbouncer])
const pooled = {
  ...plain,
  declared: {
    ...plain.declared,
    database: { ...plain.declared.database, pool: 'transaction', databases: ['reports'] },
  },
} as const
const server = plain.servers.find(({ name }) => name === 'app-2')!

const filesOf = (): readonly File[] =>
  pgbouncer.render(contextFor(pooled, 'app-2')).filter((one): one is File => one.kind === 'file')
const fileAt = (path: string): string => filesOf().find((file) => file.path.endsWith(path))!.content

describe('the pool', () => {
  it('renders its configuration and its unit', async () => {
    await expect(fileAt('/pgbouncer.ini')).toMatchFileSnapshot('goldens/nine-app-2.ini')
    await expect(fileAt('/60-trimaran.conf')).toMatchFileSnapshot('goldens/pgbouncer.service.conf')
  })

  it('keeps the password from everybody but itself', () => {
    const users = filesOf().find(({ path }) => path.endsWith('userlist.txt'))!
    expect(users).toMatchObject({ mode: '0640', owner: 'root', group: 'postgres', secret: true })
    expect(users.content).toBe('"app" "secret-of-postgres-app"\n')
  })

  it('is on app servers, and only where it is asked for', () => {
    const hosts = (stack: typeof plain) => stack.servers.filter((one) => pgbouncer.belongsOn(one, stack))
    expect(hosts(plain)).toEqual([])
    expect(hosts(pooled).map(({ name }) => name)).toEqual(['app-1', 'app-2'])
  })

  it('shares what PostgreSQL takes among all pools', () => {
    const sizes = (settings: Readonly<Record<string, number>>, cores: number, gigabytes: number) => {
      const declared = { ...pooled.declared, database: { ...pooled.declared.database, settings } }
      const { size: _size, ...bare } = server
      const facts = { cores, memoryBytes: gigabytes * 1024 ** 3 }
      const context = contextFor({ ...pooled, declared }, 'app-2', facts)
      return tunePool({ ...context, server: bare })
    }
    expect(sizes({}, 2, 1)).toEqual({ clients: 2000, perDatabase: 20, together: 80 })
    expect(sizes({}, 32, 64)).toEqual({ clients: 10_000, perDatabase: 80, together: 80 })
    expect(sizes({ max_connections: 20 }, 2, 1)).toEqual({ clients: 2000, perDatabase: 8, together: 8 })
  })
})

describe('what the pool says of itself', () => {
  const pools = (waiting: number, maxwait: number): string =>
    [
      'database,user,cl_active,cl_waiting,sv_active,sv_idle,sv_used,sv_login,maxwait,pool_mode',
      `app,app,12,${waiting},20,0,0,0,${maxwait},transaction`,
      'pgbouncer,pgbouncer,1,0,0,0,0,0,0,statement',
    ].join('\n')
  const answer = (paused: 'yes' | 'no', timer: string, waiting = 0, maxwait = 0): string =>
    `active\n${timer}\nkey,value\nactive,yes\npaused,${paused}\nsuspended,no\n${pools(waiting, maxwait)}\n`

  it('is well with clients of the app, its own console left out', () => {
    expect(readPgbouncer(answer('no', 'inactive'), server)).toEqual({
      state: 'well',
      details: { clients: 12, waiting: 0, connections: 20, longestWaitSeconds: 0 },
    })
  })

  it('tells a pause of a hand-over from one that somebody forgot', () => {
    expect(readPgbouncer(answer('yes', 'active'), server).note).toContain('go on by themselves')
    expect(readPgbouncer(answer('yes', 'inactive'), server)).toMatchObject({
      state: 'degraded',
      note: expect.stringContaining('/usr/local/lib/trimaran/pool-console RESUME') as string,
    })
  })

  it('says when queries wait long', () => {
    expect(readPgbouncer(answer('no', 'inactive', 3, 0), server).state).toBe('well')
    expect(readPgbouncer(answer('no', 'inactive', 3, 7), server).note).toMatch(/^3 queries wait .* 7 s by now: all 20/)
  })

  it('is down where it does not answer', () => {
    expect(readPgbouncer('failed\ninactive\n', server)).toMatchObject({ state: 'down' })
  })
})
