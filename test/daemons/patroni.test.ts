import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../src/components/patroni/check.ts'
import { patroni } from '../../src/components/patroni/index.ts'
import { contextFor, fiveServers, nineServers } from '../../src/components/testing/stacks.ts'
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

const check = `file=/etc/patroni/config.yml\n${checkConfig.text}`
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
