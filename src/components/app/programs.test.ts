import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBench, type ProgramBench } from '../testing/program-bench.ts'

let bench: ProgramBench

beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.remove())

describe('run-in-release', () => {
  beforeEach(() => {
    mkdirSync(bench.at('releases/r1'), { recursive: true })
    symlinkSync('releases/r1', bench.at('current'))
    bench.stub('systemd-run', 'exit 7')
    bench.place(import.meta.url, 'run-in-release', {
      ROOT: bench.folder,
      FOLDERS: ['/opt/node/bin', 'node_modules/.bin', '/usr/bin'],
      PROPERTIES: ['--property=User=app'],
    })
  })

  it('runs in the folder of the release, with its programs, and ends as the command ends', async () => {
    const { code, called } = await bench.run('run-in-release', ['current', 'echo "$HOME"'])
    expect(code).toBe(7)
    const tree = bench.at('releases/r1')
    expect(called[0]).toContain(`--property=User=app --property=WorkingDirectory=${tree} `)
    expect(called[0]).toContain(`--setenv=PATH=/opt/node/bin:${tree}/node_modules/.bin:/usr/bin `)
    expect(called[0]).toMatch(/--setenv=TRIMARAN_RELEASE=r1 \/bin\/bash -c echo "\$HOME"$/)
  })

  it('shows nobody a command that it reads', async () => {
    bench.stub('systemd-run', 'exec "${@: -3}"')
    const { code, said, called } = await bench.run(
      'run-in-release',
      ['current'],
      {},
      `echo 'the "secret"'; wc -c; exit 3`,
    )
    expect({ code, said }).toEqual({ code: 3, said: 'the "secret"\n0\n' })
    expect(called.join(' ')).not.toContain('secret')
  })

  it('says so where the release is not there', async () => {
    const { code, said, called } = await bench.run('run-in-release', ['r2', 'true'])
    expect({ code, said, called }).toEqual({ code: 1, said: 'release r2 is not on this server\n', called: [] })
  })
})

describe('retire-app-slot', () => {
  const retire = (...words: readonly string[]) => bench.run('retire-app-slot', words)
  /** A connection on which something was received, and something sent, so many milliseconds ago. */
  const connection = (sent: number, received: number): string =>
    `0 0 10.0.0.111:3000 10.0.0.31:40000\n\t cubic lastsnd:${sent} lastrcv:${received} lastack:1`

  beforeEach(() => {
    bench.stub('readiness', '[ "$1" != busy ] || echo 0')
    bench.stub('ss')
    bench.stub(
      'systemctl',
      '[ "$1" != list-units ] || printf "%s loaded\\n" app-blue-web@3000.service app-blue-report.timer',
    )
    bench.place(import.meta.url, 'retire-app-slot', {
      READINESS: bench.at('readiness'),
      BLUE_PORTS: [3000, 3001],
      GREEN_PORTS: [3100, 3101],
      PATIENCE: 1,
      CUT: bench.at('cut-'),
    })
  })

  it('ends all of a slot by name, once no request is left', async () => {
    const { code, said, called } = await retire('blue')
    expect({ code, said }).toEqual({ code: 0, said: '' })
    expect(called).toContain('readiness close 3000 3001')
    expect(called.slice(-2)).toEqual([
      'systemctl stop app-blue.target app-blue-web@3000.service app-blue-report.timer',
      'systemctl reset-failed app-blue.target app-blue-web@3000.service app-blue-report.timer',
    ])
  })

  it('counts what callers say, and what nobody has answered yet', async () => {
    bench.stub('readiness', 'echo 2')
    bench.stub('ss', `[[ $* != *3100* ]] || printf '%s\\n' '${connection(900, 20)}' '${connection(10, 20)}'`)
    expect((await retire('green', 'busy')).said).toBe('3\n')
  })

  it('tells how much was cut off when its time was up', async () => {
    bench.stub('readiness', '[ "$1" != busy ] || echo 4')
    expect((await retire('blue')).said).toBe('4 were still open when their time was up\n')
    expect(readFileSync(bench.at('cut-blue'), 'utf8')).toBe('4\n')
  })

  it('knows its two slots', async () => {
    expect(await retire('red')).toMatchObject({ code: 2, called: [] })
  })
})

describe('run-alone', () => {
  /** A database in which a lock is free or not, and which is gone after so many questions. */
  const database = (isFree: boolean, questions = 1000): void =>
    bench.stub(
      'psql',
      `while read -r question; do
        case $question in set*) continue ;; esac
        count=$((count + 1)); [ "$count" -le ${questions} ] || exit
        case $question in *try_advisory_lock*) echo ${isFree ? 't' : 'f'} ;; *) echo 1 ;; esac
      done`,
    )
  const run = (how: string, command: string) =>
    bench.run('run-alone', [how, 'clock', command], { DATABASE_URL: 'postgres://app:secret@127.0.0.1:6432/app' })
  beforeEach(() => bench.place(import.meta.url, 'run-alone', { POSTGRES_PORT: 5432 }))

  it('runs while it holds the lock, and ends as the command ends', async () => {
    database(true)
    expect(await run('always', 'echo "$PGUSER $PGPASSWORD $PGPORT"; exit 3')).toMatchObject({
      code: 3,
      said: 'clock runs here now\napp secret 5432\n',
    })
  })

  it('goes home where another server runs it', async () => {
    database(false)
    expect(await run('once', 'echo never')).toMatchObject({ code: 0, said: '' })
  })

  it('ends the command when the lock is lost', async () => {
    database(true, 2)
    const { code, said } = await run('once', 'trap "echo ends; exit" TERM; while :; do sleep 0.05; done')
    expect(said).toContain('clock lost its lock: it ends here\n')
    expect(said).toContain('ends\n')
    expect(code).toBe(1)
  })

  it('says where it is told of no database', async () => {
    const { code, said } = await bench.run('run-alone', ['once', 'clock', 'true'], { DATABASE_URL: '' })
    expect({ code, said }).toEqual({ code: 1, said: 'DATABASE_URL is not set\n' })
  })
})
