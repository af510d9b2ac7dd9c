import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/components/patroni/check.ts'
import { patroni } from '../../src/components/patroni/index.ts'
import { contextFor, fiveServers, inputOf, nine, nineServers, stackFrom } from '../../src/components/testing/stacks.ts'
import { firstStackState } from '../../src/stack/stack-state.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const path = '/etc/patroni/config.yml'

const filesOf = (
  stack: ReturnType<typeof fiveServers>,
  name: string,
  drained: readonly string[] = [],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    patroni
      .render({ ...contextFor(stack, name), stackState: { ...firstStackState('a'), drained } })
      .flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
  )

/** What checks each of them before it is placed, the configuration apart. */
const checksOf = (stack: ReturnType<typeof fiveServers>, name: string): string =>
  patroni
    .render(contextFor(stack, name))
    .flatMap((one) =>
      one.kind === 'file' && one.check !== undefined && one.path !== path
        ? [`file=${one.path}\n${one.check.text}`]
        : [],
    )
    .join('\n')

const check = `file=/etc/patroni/config.yml\n${checkConfig(contextFor(nineServers([patroni]), 'db-2')).text}`
describe.skipIf(!hasStockedImage())('Patroni checks', () => {
  it.each([
    ['the only database server', filesOf(fiveServers([patroni]), 'db-1')],
    ['one of three', filesOf(nineServers([patroni]), 'db-2')],
    ['one that is drained', filesOf(nineServers([patroni]), 'db-2', ['db-2'])],
  ])('%s to be sound', async (_which, files) => {
    expect(await inImage(check, files)).toEqual({ code: 0, output: '' })
  })

  it('mistakes, each in its own words', async () => {
    const files = filesOf(nineServers([patroni]), 'db-2')
    const broken = files[path]!.replace('ttl: 20', 'ttl: soon').replace('data_dir: /var/lib', 'data_dir: /etc')
    const { code, output } = await inImage(`mkdir -p /etc/postgresql/17/main/x\n${check}`, { ...files, [path]: broken })
    expect(code).toBe(1)
    expect(output).toContain("bootstrap.dcs.ttl soon didn't pass validation")
    expect(output).toContain("doesn't look like a valid data directory")
  })

  it('a file that is no YAML', async () => {
    const { code, output } = await inImage(check, { [path]: 'scope: [guestbook' })
    expect(code).toBe(1)
    expect(output).toContain('ParserError')
  })

  it('its settings to be what PostgreSQL knows', async () => {
    const config = filesOf(nineServers([patroni]), 'db-2')[path]!
    const settings = [...config.matchAll(/^ {4}([a-z_]+): ("?)(.*?)\2$/gm)].map(([, name, , value]) => ({
      name,
      value,
    }))
    const words = settings.filter(({ name }) => name !== 'format').map(({ name, value }) => `-c '${name}=${value}'`)
    const start = words.slice(words.findIndex((word) => word.includes('unix_socket_directories')))
    expect(start.length).toBeGreaterThan(25)
    const { output } = await inImage(`
      install -d -o postgres /run/postgresql /data
      su postgres -c '/usr/lib/postgresql/17/bin/initdb --no-sync -D /data' >/dev/null
      cat >/tmp/ask <<'END'
      /usr/lib/postgresql/17/bin/postgres -D /data ${start.filter((word) => !/on_(role_change|start|stop|restart|reload)|mode|device/.test(word)).join(' ')} -C shared_buffers
END
      su postgres -c 'sh /tmp/ask'
    `)
    expect(output.trim().split('\n').at(-1)).toBe('32768')
  })

  const stating = (settings: Readonly<Record<string, string | number | boolean>>) => {
    const plain = inputOf(nine)
    const context = contextFor(stackFrom([patroni], { ...plain, database: { servers: 3, settings } }), 'db-2')
    const files = Object.fromEntries(
      patroni.render(context).flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
    )
    return inImage(`file=${path}.staged\nmv ${path} $file\n${checkConfig(context).text}`, files)
  }

  it.each([
    [{ work_mem: '8MB', 'pg_stat_statements.max': 1000, 'app.tenant': 'x', max_connections: 150, jit: 'yes' }, []],
    [{ work_men: '8MB' }, ['unrecognized configuration parameter "work_men"']],
    [
      { work_mem: '8Mb', timezone: 'Mars' },
      [
        'invalid value for parameter "work_mem": "8Mb"',
        'Valid units',
        'invalid value for parameter "TimeZone": "Mars"',
      ],
    ],
    [{ shared_buffers: '900MB' }, ['shared_buffers is 900MB: the server has 1024 MB of memory']],
    [{ shared_preload_libraries: 'nowhere' }, ['could not access file "nowhere": No such file or directory']],
    [{ 'pg_stat_statements.mx': 5 }, ['PostgreSQL knows no setting pg_stat_statements.mx']],
    [{ default_table_access_method: 'nope' }, ['a database with these settings takes no writes: access method "nope"']],
    [{ max_connections: 3 }, ['superuser_reserved_connections']],
    [{ ssl: true }, ['could not load server certificate file']],
  ])(
    'what the file states of PostgreSQL: %j',
    async (settings, objections) => {
      const { output, code } = await stating(settings)
      expect(code, output).toBe(objections.length === 0 ? 0 : 1)
      if (objections.length === 0) expect(output).toBe('')
      for (const objection of objections) expect(output).toContain(objection)
    },
    60_000,
  )

  it('whether what is stated is in force, for each setting that PostgreSQL has', async () => {
    const { output } = await inImage(
      `
      run() { runuser -u postgres -- /usr/lib/postgresql/17/bin/"$@"; }
      data=/var/lib/postgresql/17/main conf=/etc/patroni/config.yml
      mount -t tmpfs -o mode=1777 tmpfs /dev/shm
      install -d -o postgres /run/postgresql "$data"
      run initdb --no-sync -A trust -D "$data" >/dev/null
      state() { # as Patroni writes it
        python3 - "$data/postgresql.conf" <<'END'
import sys, yaml
rows = yaml.safe_load(open('/etc/patroni/config.yml'))['postgresql']['parameters']
with open(sys.argv[1], 'w') as file:
    for name, value in rows.items():
        file.write(f"{name} = '" + str(value).replace("'", "''") + "'\\n")
END
      }
      state
      install -o postgres /dev/null /tmp/log
      run pg_ctl -D "$data" -s -w -l /tmp/log start || cat /tmp/log
      compare() { python3 /usr/local/lib/trimaran/compare-settings && echo same; }
      echo "ours: $(compare)"
      run psql -d postgres -XAtqc "select coalesce(json_object_agg(name, setting || case when unit ~ '^[a-zA-Z]' and setting ~ '^[0-9]' then unit else '' end), '{}')
        from pg_settings where context not in ('internal') and name not in ('config_file', 'data_directory', 'hba_file', 'ident_file', 'transaction_isolation', 'transaction_read_only', 'transaction_deferrable', 'session_authorization', 'role', 'seed', 'is_superuser')" >/tmp/all
      cp $conf /tmp/ours.yml
      python3 -c "import json,yaml; yaml.safe_dump({'postgresql': {'parameters': json.load(open('/tmp/all'))}}, open('$conf','w'))"
      echo "each: $(compare)"
      cp /tmp/ours.yml $conf
      echo "work_mem = '77MB'" >>"$data/postgresql.auto.conf"
      run pg_ctl -D "$data" reload -s; sleep 0.5
      echo "by hand: $(compare)"
      python3 /usr/local/lib/trimaran/compare-settings --reset; run pg_ctl -D "$data" reload -s; sleep 0.5
      echo "after: $(compare)"
      sed -i '/^jit/d' "$data/postgresql.conf"; run pg_ctl -D "$data" reload -s; sleep 0.5
      echo "lost: $(compare)"
      run pg_ctl -D "$data" -s -m immediate stop
      echo "stopped: $(compare)"
      `,
      filesOf(nineServers([patroni]), 'db-2'),
    )
    expect(output.trim().split('\n')).toEqual([
      'ours: same',
      'each: same',
      'by hand: work_mem was changed with ALTER SYSTEM',
      'work_mem is 77MB, not 4MB',
      'after: same',
      'lost: jit is on, not False',
      'stopped: same',
    ])
  }, 60_000)

  it('binds who confirms to the term, in the library of Debian', async () => {
    const test = readFileSync(new URL('patroni/test_terms.py', import.meta.url), 'utf8')
    const { output, code } = await inImage(
      `ip link set lo up && cd /tests && PYTHONPATH=/usr/local/lib/trimaran/patroni timeout 60 python3 -B -m unittest test_terms 2>&1`,
      { ...filesOf(nineServers([patroni]), 'db-2'), '/tests/test_terms.py': test },
    )
    expect(code, output).toBe(0)
  }, 90_000)

  it('its unit, scripts and SQL to be sound', async () => {
    const { output, code } = await inImage(
      `
      chmod -R +x /usr/local/lib/trimaran
      systemd-analyze verify --man=no patroni.service 2>&1 | grep -i patroni
      set -e
      ${checksOf(nineServers([patroni]), 'db-2')}
      `,
      filesOf(nineServers([patroni]), 'db-2'),
    )
    expect({ output, code }).toEqual({ output: '', code: 0 })
  })

  it('the programs around it to run with what Debian has, here where no Patroni answers', async () => {
    const { output } = await inImage(
      `
      cd /usr/local/lib/trimaran
      python3 apply-patroni-settings --check && echo 'says nothing'
      python3 hand-over/patroni.service; echo "hand-over ends with $?"
      python3 measure-writes 127.0.0.1 >/tmp/measured & sleep 0.1
      for i in $(seq 100); do grep -q measuring /tmp/measured && break; sleep 0.1; done
      kill -TERM "$(cut -d' ' -f2 /tmp/measured)"; echo 'measures'
      echo '{"pending_restart": true}' | python3 check-pending-restart; echo "a restart is pending: $?"
      `,
      filesOf(nineServers([patroni]), 'db-2'),
    )
    const lines = output.trim().split('\n')
    expect(lines).toContain('says nothing')
    expect(output).toMatch(/^Patroni on db-2 does not answer: /m)
    expect(lines.slice(-3)).toEqual(['hand-over ends with 1', 'measures', 'a restart is pending: 1'])
  })
})
