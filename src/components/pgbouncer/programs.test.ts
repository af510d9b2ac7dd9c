import { existsSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProgram } from '../program.ts'
import { createBench, type ProgramBench } from '../testing/program-bench.ts'

let bench: ProgramBench
const pause = (word: string) => bench.run('pause-database', [word])

beforeEach(() => {
  bench = createBench()
  for (const name of ['console', 'readiness', 'systemctl', 'systemd-run', 'psql']) bench.record(name)
  writeFileSync(bench.at('users'), '"app" "the password"\n')
  bench.place(import.meta.url, 'pause-database', {
    CONSOLE: bench.at('console'),
    READINESS: bench.at('readiness'),
    PAUSED: bench.at('paused'),
    USERS: bench.at('users'),
    POSTGRES_PORT: 5432,
    PATIENCE: 5,
    DEAD_MAN: 20,
    PROPERTIES: ['--property=A=b c'],
  })
})
afterEach(() => bench.remove())

describe('what pauses queries', () => {
  it('does nothing where the pool does not run', async () => {
    bench.record('systemctl', '[ "$1" != is-active ]')
    expect(await pause('pause')).toMatchObject({ code: 0, called: ['systemctl is-active --quiet pgbouncer.service'] })
    expect((await pause('resume')).said).toContain('gone on by themselves')
  })

  it('sees to it first that they go on by themselves, then pauses them', async () => {
    const { code, called } = await pause('pause')
    expect(code).toBe(0)
    expect(called.slice(2)).toEqual([
      expect.stringContaining(
        `--on-active=20 --timer-property=AccuracySec=100ms --property=A=b c ${bench.at('pause-database')} cancel`,
      ),
      'readiness trust',
      'console PAUSE',
    ])
    expect(existsSync(bench.at('paused'))).toBe(true)
  })

  it('pauses nothing where nothing would resume it', async () => {
    bench.record('systemd-run', 'exit 1')
    const { code, called } = await pause('pause')
    expect(code).toBe(1)
    expect(called).not.toContain('console PAUSE')
  })

  it('lets all go on where a transaction does not end', async () => {
    bench.record('console', '[ "$1" != PAUSE ] || { echo "cannot pause"; exit 1; }')
    const { code, said, called } = await pause('pause')
    expect(code).toBe(1)
    expect(said).toContain('open for more than 5 s')
    expect(said).toContain('(cannot pause)')
    expect(called.slice(-3)).toEqual([
      'console RESUME',
      'readiness check',
      'systemctl stop --quiet trimaran-resume-queries.timer',
    ])
    expect(existsSync(bench.at('paused'))).toBe(false)
  })

  it('waits until the primary takes writes, and tells for how long they were paused', async () => {
    await pause('pause')
    const looked = bench.at('looked')
    bench.record('psql', `[ "$PGPASSWORD" = 'the password' ] || exit 1; [ -e ${looked} ] && echo off; : >${looked}`)
    const { code, said, called } = await pause('resume')
    expect(code).toBe(0)
    expect(Number(/^paused (\d+)\n$/.exec(said)?.[1])).toBeLessThan(5000)
    expect(called.filter((row) => row.startsWith('psql'))).toHaveLength(2)
    expect(called.indexOf('console RESUME')).toBeGreaterThan(called.findLastIndex((row) => row.startsWith('psql')))
  })

  it('says to readiness what that understands', async () => {
    const module = new URL('../haproxy/index.ts', import.meta.url).href
    const known = readProgram(module, 'readiness', { ASK: '', INTERVAL: 1 })
    const called = [...(await pause('pause')).called, ...(await pause('cancel')).called]
    const words = called.flatMap((row) => /^readiness (.*)$/.exec(row)?.[1] ?? [])
    expect(words.toSorted()).toEqual(['check', 'trust'])
    expect(known).toContain('# readiness trust|check: ')
  })
})
