import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBench, type ProgramBench } from '../testing/program-bench.ts'

let bench: ProgramBench

beforeEach(() => {
  bench = createBench()
})
afterEach(() => bench.remove())

describe('run-in-release', () => {
  beforeEach(() => {
    mkdirSync(bench.at('releases/r1/public/uploads'), { recursive: true })
    symlinkSync('releases/r1', bench.at('current'))
    bench.record('systemd-run', 'exit 7')
    bench.place(import.meta.url, 'run-in-release', {
      ROOT: bench.folder,
      FOLDERS: ['/opt/node/bin', 'node_modules/.bin', '/usr/bin'],
      WRITABLE: ['/srv/writable/public=uploads:public/uploads'],
      PROPERTIES: ['--property=User=app'],
    })
  })

  it('runs in the folder of the release, with its programs, and ends as the command ends', async () => {
    const { code, called } = await bench.run('run-in-release', ['current', 'echo "$HOME"'])
    expect(code).toBe(7)
    const tree = bench.at('releases/r1')
    expect(called[0]).toContain(
      `--property=User=app --property=BindPaths=/srv/writable/public=uploads:${tree}/public/uploads --property=WorkingDirectory=${tree} `,
    )
    expect(called[0]).toContain(`--setenv=PATH=/opt/node/bin:${tree}/node_modules/.bin:/usr/bin `)
    expect(called[0]).toMatch(/--setenv=TRIMARAN_RELEASE=r1 \/bin\/bash -c echo "\$HOME"$/)
  })

  it('shows nobody a command that it reads', async () => {
    // As systemd does, it opens the file as the first descriptor beside the usual three.
    bench.record(
      'systemd-run',
      `for word; do case $word in --property=OpenFile=*) file=\${word#--property=OpenFile=}; file=\${file%%:*} ;; esac; done
       exec "\${@: -3}" 3<"$file"`,
    )
    writeFileSync(bench.at('command-1'), `echo 'the "secret"'; wc -c; exit 3`)
    const { code, said, called } = await bench.run(
      'run-in-release',
      ['current', '--file', bench.at('command-1')],
      {},
      'four',
    )
    expect({ code, said }).toEqual({ code: 3, said: 'the "secret"\n4\n' })
    expect(called[0]).toContain('--pipe --unit=command-1 ')
    expect(called.join(' ')).not.toContain('secret')
  })

  it('says so where the release has no folder to show what the app writes at', async () => {
    mkdirSync(bench.at('releases/r0'))
    const { code, said, called } = await bench.run('run-in-release', ['r0', 'true'])
    const why = 'release r0 was built before app.writable named public/uploads: deploy a new one\n'
    expect({ code, said, called }).toEqual({ code: 1, said: why, called: [] })
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
    bench.record('readiness', '[ "$1" != busy ] || echo 0')
    bench.record('ss')
    bench.record(
      'systemctl',
      '[ "$1" != list-units ] || printf "%s loaded\\n" app-blue-web@3000.service app-blue-report.timer',
    )
    bench.place(import.meta.url, 'retire-app-slot', {
      OWN: '10.0.0.111',
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
    bench.record('readiness', 'echo 2')
    bench.record('ss', `[[ $* != *3100* ]] || printf '%s\\n' '${connection(900, 20)}' '${connection(10, 20)}'`)
    expect((await retire('green', 'busy')).said).toBe('3\n')
  })

  it('tells how much was cut off when its time was up', async () => {
    bench.record('readiness', '[ "$1" != busy ] || echo 4')
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
    bench.record(
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

describe('explain-app-slot', () => {
  const explain = (how: string, slot = 'green') => bench.run('explain-app-slot', [slot, how, '5'])
  /** Somebody who listens: where, and in which copy of which slot. */
  const listening = (...all: readonly (readonly [place: string, unit: string])[]): void => {
    const rows = all.map(([place, unit], index) => {
      const pid = 100 + index
      mkdirSync(bench.at(`proc/${pid}`), { recursive: true })
      writeFileSync(bench.at(`proc/${pid}/cgroup`), `0::/app.slice/${unit}.service\n`)
      return `LISTEN 0 511 ${place} 0.0.0.0:* users:(("node",pid=${pid},fd=18))`
    })
    bench.record('ss', `printf '%s\\n' '${rows.join("' '")}'`)
  }
  const [blue, green] = ['app-blue-web@3000', 'app-green-web@3100']
  const unitSays = (...lines: readonly string[]): void =>
    bench.record(
      'systemctl',
      `case $1 in list-units) echo 'app-green-web@3100.service loaded' ;; *) printf '%s\\n' ${lines.join(' ')} ;; esac`,
    )

  beforeEach(() => {
    for (const name of ['ss', 'journalctl', 'systemctl', 'curl']) bench.record(name)
    bench.place(import.meta.url, 'explain-app-slot', {
      ADDRESS: '10.0.0.111',
      SITE: 'www.example.com',
      BLUE: ['3000 /up'],
      GREEN: ['3100 /up'],
      PROC: bench.at('proc'),
    })
  })

  it('names the port on which it listens instead', async () => {
    listening(['*:3000', green])
    const { said } = await explain('failed')
    expect(said).toContain('it listens on port 3000, not on $PORT, which is 3100 here\n→ let it listen on $PORT')
  })

  it('names the address on which alone it listens', async () => {
    listening(['127.0.0.1:3100', green], ['*:3000', blue])
    expect((await explain('failed')).said).toContain(
      'it listens on 127.0.0.1 only, at port 3100; the other servers come to 10.0.0.111\n→ let it listen on all addresses',
    )
    listening(['[::1]:3100', green], ['10.0.0.111:3100', green])
    expect((await explain('failed')).said).toBe('')
  })

  it('names who holds a port that it wants', async () => {
    listening(['*:3000', blue], ['*:9090', blue], ['*:9091', blue])
    bench.record('journalctl', `echo 'Error: listen EADDRINUSE: address already in use :::9090'`)
    expect((await explain('failed')).said).toMatch(
      /^it wants port 9090, which is held by the release in slot blue\n→ take that port from \$PORT/,
    )
    bench.record('journalctl', `echo 'OSError: [Errno 98] Address already in use'`)
    expect((await explain('failed')).said.match(/port 909[01]/g)).toEqual(['port 9090', 'port 9091'])
  })

  it('knows who went into the background', async () => {
    unitSays('ExecMainCode=1', 'ExecMainStatus=0', 'NRestarts=3', 'ActiveState=activating')
    expect((await explain('failed')).said).toContain('ended with 0: it went into the background')
    // Just started once more.
    unitSays('ExecMainCode=0', 'ExecMainStatus=0', 'NRestarts=3', 'ActiveState=active')
    bench.record('journalctl', 'echo app-green-web@3100.service: Deactivated successfully.')
    expect((await explain('failed')).said).toContain('ended with 0: it went into the background')
    bench.record(
      'journalctl',
      `echo 'Main process exited, code=exited, status=1/FAILURE'; echo 'Deactivated successfully.'`,
    )
    expect((await explain('failed')).said).toBe('')
    unitSays('ExecMainCode=1', 'ExecMainStatus=1', 'NRestarts=3', 'ActiveState=activating')
    expect((await explain('failed')).said).toBe('')
    unitSays('ExecMainCode=0', 'ExecMainStatus=0', 'NRestarts=0', 'ActiveState=active')
    expect((await explain('failed')).said).toContain('it listens on no port, after 5 s')
  })

  it.each([
    [
      '/bin/bash: line 1: node: command not found',
      "no program node, which the start command calls\n→ state runtime: { node: '24' }",
    ],
    ['/bin/bash: line 1: exec: gunicorn: not found', 'no program gunicorn'],
    ["/usr/bin/env: 'python3': No such file or directory", 'no program python3'],
    ['/bin/bash: line 1: \u001b[31mx: command not found', undefined],
  ])('names the program that the server does not have: %s', async (line, expected) => {
    unitSays('ExecMainCode=1', 'ExecMainStatus=127', 'NRestarts=3', 'ActiveState=activating')
    bench.record('journalctl', `cat <<'END'\n${line}\nEND`)
    const { said } = await explain('failed')
    if (expected === undefined) expect(said).toBe('')
    else expect(said).toContain(expected)
  })

  it('knows who answers to another name only', async () => {
    listening(['*:3100', green])
    bench.record(
      'curl',
      `case $* in *'Host: www.example.com'*) echo 400 ;; *'Host: localhost'*) echo 200 ;; *) echo 400 ;; esac`,
    )
    expect((await explain('failed')).said).toContain(
      '/up answers 400 to the host www.example.com, as visitors ask, but not to the host localhost',
    )
    bench.record('curl', 'echo 500')
    expect((await explain('failed')).said).toBe('')
  })

  it('warns of a second port, unless it moved with the slot or is any port', async () => {
    listening(['*:3100', green], ['*:9090', green], ['*:45000', green])
    expect((await explain('serves')).said).toContain('the app listens on port 9090, too\n→')
    listening(['*:3100', green], ['*:9090', green], ['*:3000', blue])
    expect((await explain('serves')).said).toContain('the app listens on port 9090, too\n→')
    listening(['*:3100', green], ['*:4100', green], ['*:3000', blue], ['*:4000', blue])
    expect((await explain('serves')).said).toBe('')
    listening(['*:3100', green], ['*:3000', blue], ['*:9090', blue])
    expect((await explain('serves')).said).toContain('the release before listens on port 9090, too')
  })

  it('says nothing where it is told nothing, and believes no line that ss does not write', async () => {
    for (const how of ['failed', 'serves']) expect(await explain(how)).toMatchObject({ code: 0, said: '' })
    bench.record('ss', 'head -c 3000000 /dev/zero | tr "\\0" x')
    expect(await explain('serves')).toMatchObject({ code: 0, said: '' })
    expect((await explain('judge')).code).not.toBe(0)
  })
})
