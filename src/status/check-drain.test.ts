import { describe, expect, it } from 'vitest'
import type { State } from '../components/component.ts'
import type { TierName } from '../stack/stack.ts'
import type { EtcdMemberStatus } from './database.ts'
import { checkDrain } from './check-drain.ts'
import type { ServerStatus } from './summarise.ts'

const tiers: Readonly<Record<string, TierName>> = { lb: 'balancer', web: 'web', app: 'app', db: 'database' }
const tierOf = (name: string): TierName => tiers[name.split('-')[0]!]!

/** A stack of those servers, each with its state: `web-1 well, web-2 down`. */
function stackOf(text: string, missing: readonly string[] = []): Parameters<typeof checkDrain>[0]['report'] {
  const servers = text.split(', ').map((pair): ServerStatus => {
    const [name = '', state] = pair.split(' ')
    return { name, tier: tierOf(name), address: '', state: state as State, components: [] }
  })
  const etcd = servers
    .filter(({ tier }) => tier === 'database')
    .map(({ name }): EtcdMemberStatus => ({
      server: name,
      state: missing.includes(name) ? 'unreachable' : 'well',
      holdsData: true,
    }))
  return {
    servers,
    database: {
      leader: 'db-1',
      leaders: ['db-1'],
      members: [],
      etcd: {
        total: etcd.length,
        majority: Math.floor(etcd.length / 2) + 1,
        present: etcd.filter(({ state }) => state === 'well').length,
        members: etcd,
      },
    },
  }
}

const movable = () => ({ from: 'db-1', to: 'db-2' }) as const
const check = (name: string, text: string, more: { anyway?: boolean; missing?: string[]; movable?: boolean } = {}) =>
  checkDrain({
    server: { name, tier: tierOf(name) },
    report: stackOf(text, more.missing),
    anyway: more.anyway ?? false,
    switchover: more.movable === false ? () => ({ refused: 'a transaction is open', next: 'wait' }) : movable,
  })

describe('checkDrain allows', () => {
  it.each([
    ['web-1', 'web-1 well, web-2 well, web-3 well', []],
    ['web-1', 'web-1 well, web-2 well', ['web-2 serves alone in the meantime']],
    ['web-1', 'web-1 degraded, web-2 well, web-3 well', []],
    // A dead one takes nothing with it, and may stay out when it comes back.
    ['web-1', 'web-1 down, web-2 well', []],
    ['web-1', 'web-1 down', []],
    // Already done: a command that was cut off goes on.
    ['web-1', 'web-1 drained, web-2 down', []],
    [
      'db-2',
      'db-1 well, db-2 well, db-3 well',
      ['while it is off, 2 of 3 etcd members are left and 2 are needed: no other may fail'],
    ],
  ] as const)('%s of %s', (name, text, notes) => {
    expect(check(name, text)).toEqual({ notes })
  })
})

describe('checkDrain refuses', () => {
  it.each([
    ['lb-1', 'lb-1 well', 'is the only balancer server that serves: visitors would not reach the site', 'raise'],
    ['web-1', 'web-1 well, web-2 drained', '(web-2 is drained)', 'undrain web-2'],
    ['app-1', 'app-1 well, app-2 down', 'static files', 'fix app-2 first'],
    [
      'app-1',
      'app-1 well, app-2 well, app-3 degraded',
      'the rest of the tier is not well (app-3 is degraded)',
      '--anyway',
    ],
  ] as const)('%s of %s, unless anyway', (name, text, refused, next) => {
    expect(check(name, text)).toMatchObject({
      refused: expect.stringContaining(refused) as string,
      next: expect.stringContaining(next) as string,
    })
    expect(check(name, text, { anyway: true })).toHaveProperty('notes')
  })

  it('what would cost etcd its quorum', () => {
    const checked = check('db-2', 'db-1 well, db-2 well, db-3 well', { missing: ['db-3'] })
    expect(checked).toMatchObject({
      refused: expect.stringContaining('1 of 3 etcd members are left and 2 are needed') as string,
    })
  })

  it('a primary that cannot hand over, and the only database server, whatever the operator takes', () => {
    const three = 'db-1 well, db-2 well, db-3 well'
    expect(check('db-1', three, { movable: false, anyway: true })).toEqual({
      refused: 'a transaction is open',
      next: 'wait',
    })
    expect(check('db-1', 'db-1 well', { anyway: true })).toHaveProperty('refused')
    expect(check('db-2', three, { movable: false })).toHaveProperty('notes')
  })
})
