import { describe, expect, it } from 'vitest'
import { nineServers, serverNamed } from '../../components/testing/stacks.ts'
import type { Plan, ServerChange } from '../../plan/plan.ts'
import { sh } from '../../shell/sh.ts'
import { failure } from '../../errors/failure.ts'
import { cutOff, differs } from './failures.ts'

const nine = nineServers([])

const changeOf = (server: string, names: readonly string[]): ServerChange => ({
  server: serverNamed(nine, server),
  changes: [
    {
      component: 'x',
      steps: names.map((name) => ({
        kind: 'file',
        name,
        action: 'change',
        reason: '',
        disturbs: 'nothing',
        apply: sh`true`,
      })),
    },
  ],
  isNew: false,
  disturbs: 'nothing',
  manifest: [],
  adopts: [],
})
const planOf = (...waves: readonly (readonly ServerChange[])[]): Plan => ({
  stack: 'guestbook',
  waves: waves.map((changes) => ({ title: '', changes })),
  unreachable: [],
  refusals: [],
  warnings: [],
})
const why = (plan: Plan): readonly string[] => differs('upgrade', plan).facts.why!.split('\n').slice(0, -1)

describe('a rolling operation that is refused, since something else differs', () => {
  it('names what, of each server once', () => {
    const waves = [
      [changeOf('web-1', ['/etc/a'])],
      [changeOf('web-1', ['/etc/a', 'nginx.service']), changeOf('db-1', ['/etc/b'])],
    ]
    expect(why(planOf(...waves))).toEqual(['web-1: /etc/a, nginx.service', 'db-1: /etc/b'])
  })

  it('does not list all of a stack', () => {
    const all = nine.servers.map(({ name }) => changeOf(name, ['1', '2', '3', '4', '5']))
    const said = why(planOf(all))
    expect(said[0]).toBe('lb-1: 1, 2, 3, 2 more')
    expect(said.slice(5)).toEqual([`and on ${nine.servers.length - 5} more`])
  })
})

describe('a rolling operation that was interrupted', () => {
  const stopped = failure('TRI-STOP-001', { what: 'The command was interrupted', state: 'no server was changed' })
  const nextAfter = (done: readonly string[]) =>
    cutOff(stopped, 'reboot', 'web-1', { verb: 'reboot', servers: ['app-1', 'web-1', 'web-2'], done, aside: [] }, [
      serverNamed(nine, 'web-2'),
    ]).facts.next

  it('goes on by itself once a server is done, and is told its servers before', () => {
    expect(nextAfter(['app-1'])).toBe('`trimaran reboot` goes on with web-1')
    expect(nextAfter([])).toBe('`trimaran reboot web-1 web-2` goes on with web-1')
  })
})

describe('a rolling operation after whose step nobody was served', () => {
  const unserved = failure('TRI-VISIT-001', { what: 'Visitors are not served', state: 'web-1 is done', next: 'look' })
  const after = (later: readonly string[]) =>
    cutOff(
      unserved,
      'reboot',
      'web-1',
      { verb: 'reboot', servers: ['app-1', 'web-1', ...later], done: ['app-1', 'web-1'], aside: [] },
      later.map((name) => serverNamed(nine, name)),
    ).facts

  it('counts that server as done, and goes on with the next', () => {
    expect(after(['web-2'])).toMatchObject({
      what: 'The reboot stopped after web-1: Visitors are not served',
      state: 'done: app-1, web-1\nnot begun: web-2',
      next: 'look; then `trimaran reboot` goes on with web-2',
    })
  })

  it('has nothing to go on with where it was the last', () => {
    expect(after([])).toMatchObject({ state: 'done: app-1, web-1', next: 'look' })
  })
})
