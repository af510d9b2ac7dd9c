import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { readLogLine } from './read-log-line.ts'

const line = (more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ __REALTIME_TIMESTAMP: '1764500000123456', _SYSTEMD_UNIT: 'app-blue-web@1.service', ...more })

it('calls a line by the unit that wrote it, whatever the program calls itself', () => {
  expect(readLogLine('app-1', line({ MESSAGE: 'hello', SYSLOG_IDENTIFIER: 'nginx', UNIT: 'nginx.service' }))).toEqual({
    at: 1_764_500_000_123.456,
    server: 'app-1',
    component: 'app',
    unit: 'app-blue-web@1.service',
    message: 'hello',
  })
})

it.each([
  ['nginx.service', 'nginx'],
  ['trimaran-observer.service', 'observer'],
  ['app-green-worker@2.service', 'app'],
  ['init.scope', 'systemd'],
])('a line of %s is of %s', (unit, component) => {
  expect(readLogLine('x', line({ _SYSTEMD_UNIT: unit, MESSAGE: '' }))?.component).toBe(component)
})

it.each<readonly [string, unknown, string]>([
  ['bytes', [...Buffer.from('é\u001B[2J')], 'é\u001B[2J'],
  ['nothing, since it is too long', null, '(longer than 4,096 bytes: `journalctl --all` on the server shows it)'],
  [
    'several',
    ['one', [116, 119, 111], null],
    'one\ntwo\n(longer than 4,096 bytes: `journalctl --all` on the server shows it)',
  ],
  ['none', undefined, ''],
  ['as long as journald lets one be', 'x'.repeat(49_152), 'x'.repeat(49_152)],
  ['more than any journal sends', 'x'.repeat(70_000), `${'x'.repeat(65_536)}…`],
])('reads a message that is %s', (_, MESSAGE, message) => {
  expect(readLogLine('x', line({ MESSAGE }))?.message).toBe(message)
})

it('tells the sentence of what etcd says, and of nobody else', () => {
  const MESSAGE = '{"level":"warn","msg":"slow","error":"timeout"}'
  expect(readLogLine('x', line({ _SYSTEMD_UNIT: 'etcd.service', MESSAGE }))?.message).toBe('warn: slow: timeout')
  expect(readLogLine('x', line({ MESSAGE }))?.message).toBe(MESSAGE)
})

it.each([
  '',
  'not json',
  '[]',
  'null',
  line({ _SYSTEMD_UNIT: undefined }),
  line({ _SYSTEMD_UNIT: 'nginx\nforged' }),
  line({ _SYSTEMD_UNIT: ['nginx.service', 'app.service'] }),
  line({ __REALTIME_TIMESTAMP: 'soon' }),
  line({ __REALTIME_TIMESTAMP: '9'.repeat(40) }),
  line({ MESSAGE: { toString: 'x' } }),
  line({ MESSAGE: [300] }),
  line({ MESSAGE: 'x'.repeat(270_000) }),
])('takes %.60s for no line', (text) => {
  expect(readLogLine('x', text)).toBeUndefined()
})
