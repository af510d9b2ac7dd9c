import { describe, expect, it } from 'vitest'
import { sh } from '../shell/sh.ts'
import { conditionKind } from './condition.ts'
import type { Condition } from './resource.ts'

const restart = (wanted: string): Condition => ({
  kind: 'condition',
  name: 'PostgreSQL',
  action: 'restart',
  wanted,
  lowerOnLeaderFirst: ['limit'],
  holds: sh`true`,
  make: sh`true`,
  disturbs: 'restart',
  reason: 'waits for a restart',
})
const row = (state: string, remembered?: string): string =>
  `PostgreSQL\t${state}\t${remembered === undefined ? '' : `${Buffer.from(remembered).toString('base64')}.`}\n`
const close = (wanted: string, answer: string) =>
  conditionKind
    .close([restart(wanted)], conditionKind.read(answer), { triggers: [] })
    .map(({ action, name, reason, disturbs }) => `${action} ${name} (${reason}): ${disturbs}`)

describe('conditions', () => {
  it('need nothing while they hold for what is wanted', () => {
    expect(close('a=1\nb=2', row('holds', 'a=1\nb=2'))).toEqual([])
  })

  it('name what is wanted differently now', () => {
    expect(close('a=1\nb=3', row('holds', 'a=1\nb=2'))).toEqual(['restart PostgreSQL (b): restart'])
  })

  it('disturb nobody where they were never made true', () => {
    expect(close('a=1', '')).toEqual(['check PostgreSQL (waits for a restart): nothing'])
  })

  it('wait until the end where they are told to, but for the first time', () => {
    const phaseOf = (answer: string) =>
      conditionKind.close([{ ...restart('a=1'), phase: 'last' }], conditionKind.read(answer), { triggers: [] })[0]
        ?.phase
    expect(phaseOf(row('fails', 'a=1'))).toBe('last')
    expect(phaseOf(row('holds', 'a=2'))).toBe('last')
    expect(phaseOf('')).toBeUndefined()
  })

  it('are made true again where they no longer hold', () => {
    expect(close('a=1', row('fails', 'a=1'))).toEqual(['restart PostgreSQL (waits for a restart): restart'])
  })

  it('are given their reason by what they say, in plain words', () => {
    const saying = Buffer.from(`work_mem is 9MB, not 6MB\n\u001b[2Jjit is off ${'x'.repeat(400)}`).toString('base64')
    const facts = conditionKind.read(`${row('fails', 'a=1').trimEnd()}\t${saying}\n`)
    expect(conditionKind.fact.safeParse(facts.get('PostgreSQL')).success).toBe(true)
    const [step] = conditionKind.close([restart('a=1')], facts, { triggers: [] })
    expect(step?.reason).toMatch(/^waits for a restart: work_mem is 9MB, not 6MB 2Jjit is off x+$/)
    expect(step?.reason.length).toBeLessThanOrEqual(222)
  })

  it('come first on the server that leads where a limit gets lower, or has yet to', () => {
    const isLeaderFirst = (wanted: string, answer: string): boolean =>
      conditionKind
        .close([restart(wanted)], conditionKind.read(answer), { triggers: [] })
        .some(({ leaderFirst }) => leaderFirst === true)
    expect(isLeaderFirst('limit=100', row('holds', 'limit=200'))).toBe(true)
    expect(isLeaderFirst('limit=300', row('holds', 'limit=200'))).toBe(false)
    expect(isLeaderFirst('other=1', row('holds', 'other=2'))).toBe(false)
    expect(isLeaderFirst('limit=100', row('leader-first', 'limit=100'))).toBe(true)
    expect(isLeaderFirst('limit=100', '')).toBe(false)
  })

  it('say what does not hold, in plain words and few of them', () => {
    const encoded = (text: string) => Buffer.from(text).toString('base64')
    const answer = (text: string) => `PostgreSQL\tfails\t${encoded('a=1')}.\t${encoded(text)}\n`
    expect(close('a=1', answer('recovery_conf.restore_command\n'))).toEqual([
      'restart PostgreSQL (waits for a restart: recovery_conf.restore_command): restart',
    ])
    expect(close('a=1', answer('\u001b[2J\u001b]0;well\u0007\u001e end'))).toEqual([
      'restart PostgreSQL (waits for a restart: 2J 0;well end): restart',
    ])
    expect(close('a=1', answer('x'.repeat(10_000)))[0]!.length).toBeLessThan(300)
  })
})
