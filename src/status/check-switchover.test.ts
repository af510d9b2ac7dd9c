import { describe, expect, it } from 'vitest'
import type { DatabaseMember, DatabaseStatus } from './database.ts'
import { checkSwitchover, type SwitchoverWish } from './check-switchover.ts'

const primary: DatabaseMember = { server: 'db-1', role: 'primary', state: 'running', timeline: 3 }
const replica = (server: string, more: Partial<DatabaseMember> = {}): DatabaseMember => ({
  server,
  role: 'replica',
  state: 'streaming',
  sync: 'quorum',
  lagBytes: 0,
  lagSeconds: 0,
  ...more,
})

const tier = (members: readonly DatabaseMember[], present = 3): DatabaseStatus => ({
  leader: 'db-1',
  leaders: ['db-1'],
  members,
  etcd: { total: 3, majority: 2, present, members: [] },
})
const three = tier([primary, replica('db-2', { lagBytes: 4096 }), replica('db-3')])

const check = (more: Partial<SwitchoverWish>) =>
  checkSwitchover({ database: three, isPaused: false, isPooled: false, ...more })

describe('checkSwitchover', () => {
  it('chooses the replica that is nearest, one that confirms writes first', () => {
    expect(check({})).toEqual({ from: 'db-1', to: 'db-3' })
    const late = tier([primary, replica('db-2', { lagBytes: 4096 }), replica('db-3', { sync: 'async' })])
    expect(check({ database: late })).toEqual({ from: 'db-1', to: 'db-2' })
  })

  it('takes the one that is named', () => {
    expect(check({ to: 'db-2' })).toEqual({ from: 'db-1', to: 'db-2' })
  })

  const long = { pid: 41, user: 'app', seconds: 95, query: 'update entries set name = name' }
  const refusals: readonly (readonly [string, Partial<SwitchoverWish>])[] = [
    ['there is one database server', { database: tier([primary]) }],
    ['no database server leads', { database: { ...three, leaders: [] } }],
    ['db-1 and db-2 both say that they lead', { database: { ...three, leaders: ['db-1', 'db-2'] } }],
    ['db-1 leads already', { to: 'db-1' }],
    ['db-2 is drained', { to: 'db-2', drained: ['db-2'] }],
    ['no replica follows the primary', { drained: ['db-2', 'db-3'] }],
    ['Patroni is paused', { isPaused: true }],
    ['1 of 3 etcd members answer, and 2 are needed', { database: { ...three, etcd: { ...three.etcd, present: 1 } } }],
    ['web-1 does not follow the primary (it is not a database server)', { to: 'web-1' }],
    ['no replica follows the primary', { database: tier([primary, replica('db-2', { state: 'starting' })]) }],
    ['db-2 is 20 MB behind', { to: 'db-2', database: tier([primary, replica('db-2', { lagBytes: 20 * 1024 ** 2 })]) }],
    ['a transaction of app has been open for 95 s: update entries', { longest: long }],
  ]
  it.each(refusals)('refuses: %s', (reason, more) => {
    const outcome = check(more)
    expect('refused' in outcome ? outcome.refused : 'not refused').toContain(reason)
    expect('next' in outcome ? outcome.next : '').not.toBe('')
  })
})
