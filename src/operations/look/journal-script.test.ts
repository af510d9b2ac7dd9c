import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { components } from '../../components/index.ts'
import { fiveServers } from '../../components/testing/stacks.ts'
import { journalScript, type LogWish } from './journal-script.ts'

let folder: string

/** A journalctl that notes its arguments and prints these lines. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  writeFileSync(join(folder, 'journalctl'), `#!/bin/sh\nprintf '%s\\n' "$*" >${folder}/words\ncat ${folder}/lines\n`)
  chmodSync(join(folder, 'journalctl'), 0o755)
})
afterAll(() => rmSync(folder, { recursive: true }))

const line = (unit: string, message: string): string =>
  JSON.stringify({ _SYSTEMD_UNIT: `${unit}.service`, MESSAGE: message })

function run(wish: LogWish, lines: readonly string[], count?: number) {
  writeFileSync(join(folder, 'lines'), `${lines.join('\n')}\n`)
  const script = journalScript(fiveServers(components), wish, count).text
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
  const said = execFileSync('bash', ['-s'], { input: script, env, encoding: 'utf8' }).split('\n').slice(0, -1)
  return { said, words: readFileSync(join(folder, 'words'), 'utf8') }
}

const app = (message: string): string => line('app-blue-web@1', message)

it.each([
  'GET /up 200 1.203 ms - 2',
  '127.0.0.1 - - [30/Nov/2026:22:55:46 +0000] "GET /up HTTP/1.1" 200 2 "-" "HAProxy-check"',
  'method=GET path=/up status=204 ms=0.3',
  '{"level":30,"req":{"url":"/up"},"res":{"statusCode":200}}',
])('leaves out a health check that went well: %s', (message) => {
  expect(run({}, [app(message), app('hello')], 10).said).toEqual([app('hello')])
  expect(run({ withChecks: true }, [app(message), app('hello')], 10).said).toEqual([app(message), app('hello')])
})

it.each([
  'GET /up 503 1.203 ms - 2',
  'GET /upload 200 1.203 ms',
  'GET /files/up 200',
  'GET /up/down 200',
  'Error in /up: no database',
])('shows %s', (message) => {
  expect(run({}, [app(message)], 10).said).toEqual([app(message)])
})

it('tells a change of state once, of the four times that HAProxy does', () => {
  const down = 'Server web/web-1 is DOWN, reason: Layer4 timeout, check duration: 200ms. 0 active servers left.'
  const said = [
    line('haproxy', down),
    line('haproxy', `[WARNING]  (412) : ${down}`),
    line('haproxy', 'Server web-again/web-1 is DOWN via web/web-1. 0 active servers left.'),
    line('haproxy', '[WARNING]  (412) : Server web-again/web-1 is DOWN via web/web-1. 0 active servers left.'),
    line('haproxy', 'backend web has no server available!'),
    line('haproxy', "[ALERT]    (412) : backend 'web' has no server available!"),
    line('haproxy', "[ALERT]    (412) : config : parsing [/etc/haproxy/haproxy.cfg:3] : unknown keyword 'x'."),
  ]
  expect(run({}, said, 10).said).toEqual([said[0], said[4], said[6]])
})

it('counts the lines that are left', () => {
  expect(run({}, [app('GET /up 200'), app('3'), app('GET /up 200'), app('2'), app('1')], 2).said).toEqual([
    app('3'),
    app('2'),
  ])
})

it('asks for what a component says, from a time on, whole', () => {
  const { words } = run({ component: 'patroni', since: 1_764_500_000_123, grep: 'a b' }, [], 5)
  expect(words).toBe(
    `--namespace=* --no-pager -q --all -o json --output-fields=_SYSTEMD_UNIT,MESSAGE -r --since=@1764500000.123 --grep=a b ` +
      `-u patroni.service -u postgresql.service -u postgresql@17-main.service -u trimaran-patroni.service\n`,
  )
  expect(run({}, []).words).toContain(' -n 0 -f -u ')
})
