import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProgram } from '../program.ts'

/** The program itself; whatever it calls notes how it was called, and ends as told. */
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hold-'))
  writeFileSync(join(folder, 'users'), '"app" "the password"\n')
  for (const name of ['console', 'readiness', 'systemctl', 'systemd-run', 'psql']) stub(name, '')
  const [CONSOLE, READINESS, HELD, USERS] = ['console', 'readiness', 'held', 'users'].map((one) =>
    join(folder, one),
  ) as [string, string, string, string]
  const settings = {
    CONSOLE,
    READINESS,
    HELD,
    USERS,
    POSTGRES_PORT: 5432,
    PATIENCE: 5,
    DEAD_MAN: 20,
    PROPERTIES: ['--property=A=b c'],
  }
  writeFileSync(join(folder, 'hold'), readProgram(import.meta.url, 'hold-database', settings))
})
afterEach(() => rmSync(folder, { recursive: true }))

const stub = (name: string, then: string): void =>
  writeFileSync(join(folder, name), `#!/bin/bash\nprintf '%s\\n' "${name} $*" >>${folder}/called\n${then}\n`, {
    mode: 0o755,
  })

function hold(word: string): { readonly code: number; readonly said: string; readonly called: readonly string[] } {
  rmSync(join(folder, 'called'), { force: true })
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
  const run = (): { readonly code: number; readonly said: string } => {
    try {
      return { code: 0, said: execFileSync('bash', [join(folder, 'hold'), word], { env, encoding: 'utf8' }) }
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string }
      return { code: status, said: stdout }
    }
  }
  const ended = run()
  const called = existsSync(join(folder, 'called'))
    ? readFileSync(join(folder, 'called'), 'utf8').trim().split('\n')
    : []
  return { ...ended, called }
}

describe('what holds queries back', () => {
  it('does nothing where the pool does not run', () => {
    stub('systemctl', '[ "$1" != is-active ]')
    expect(hold('hold')).toMatchObject({ code: 0, called: ['systemctl is-active --quiet pgbouncer.service'] })
    expect(hold('let-go').said).toContain('gone on by themselves')
  })

  it('sees to it first that they go on by themselves, then holds them', () => {
    const { code, called } = hold('hold')
    expect(code).toBe(0)
    const [timer, trust, pause] = ['systemd-run', 'readiness', 'console'].map((one) =>
      called.findIndex((row) => row.startsWith(one)),
    )
    expect([timer, trust, pause]).toEqual([timer, trust, pause].toSorted())
    expect(called[timer!]).toContain(
      `--on-active=20 --timer-property=AccuracySec=100ms --property=A=b c ${folder}/hold resume`,
    )
    expect(called).toContain('readiness trust')
    expect(called).toContain('console PAUSE')
    expect(existsSync(join(folder, 'held'))).toBe(true)
  })

  it('holds nothing back where nothing would let it go on', () => {
    stub('systemd-run', 'exit 1')
    const { code, called } = hold('hold')
    expect(code).toBe(1)
    expect(called).not.toContain('console PAUSE')
  })

  it('lets all go on where a transaction does not end', () => {
    stub('console', '[ "$1" != PAUSE ] || { echo "cannot pause"; exit 1; }')
    const { code, said, called } = hold('hold')
    expect(code).toBe(1)
    expect(said).toContain('open for more than 5 s')
    expect(said).toContain('(cannot pause)')
    expect(called.slice(-3)).toEqual([
      'console RESUME',
      'readiness check',
      'systemctl stop --quiet trimaran-let-go.timer',
    ])
    expect(existsSync(join(folder, 'held'))).toBe(false)
  })

  it('waits until the primary takes writes, and tells for how long they were held', () => {
    hold('hold')
    stub(
      'psql',
      `[ "$PGPASSWORD" = 'the password' ] || exit 1; [ -e ${folder}/looked ] && echo off; : >${folder}/looked`,
    )
    const { code, said, called } = hold('let-go')
    expect(code).toBe(0)
    expect(Number(/^held (\d+)\n$/.exec(said)?.[1])).toBeLessThan(5000)
    expect(called.filter((row) => row.startsWith('psql'))).toHaveLength(2)
    expect(called.indexOf('console RESUME')).toBeGreaterThan(called.findLastIndex((row) => row.startsWith('psql')))
  })

  it('says to readiness what that understands', () => {
    const known = readProgram(new URL('../haproxy/index.ts', import.meta.url).href, 'readiness', {
      ASK: '',
      INTERVAL: 1,
    })
    const words = [hold('hold'), hold('resume')].flatMap(({ called }) =>
      called.flatMap((row) => /^readiness (.*)$/.exec(row)?.[1] ?? []),
    )
    expect(words.toSorted()).toEqual(['check', 'trust'])
    expect(known).toContain('# readiness trust|check: ')
  })
})
