import { describe, expect, it } from 'vitest'
import { checkCalendar } from './calendar.ts'
import { checkDomain } from './domain.ts'
import { hostOf, checkDestination } from './destination.ts'
import { checkEnvName } from './env-name.ts'
import { checkAddress, checkSource, checkVirtualAddress } from './network.ts'
import type { Check } from './objection.ts'
import { checkExtensionName } from './postgres-name.ts'
import { checkPostgresSetting } from './postgres-setting.ts'
import { bytesOf, checkSize } from './size.ts'
import { stackNameFrom } from './stack-name.ts'
import { checkHealthPath, checkInnerFolder, checkNodeVersion, checkPackageName } from './text.ts'

const sound: Readonly<Record<string, readonly [Check, readonly string[]]>> = {
  destinations: [checkDestination, ['web-a', 'root@10.0.0.1', 'web_a.example.com', 'ssh://me@host:2222', 'fd00::1']],
  addresses: [checkAddress, ['10.0.0.1', '192.168.7.255', '198.18.0.11', '8.8.8.8']],
  'virtual addresses': [
    checkVirtualAddress,
    ['203.0.113.10/24', '10.0.0.0/31', '10.1.2.3/32', '198.18.0.10/24', '100.64.0.9/10'],
  ],
  sources: [checkSource, ['203.0.113.7', '10.0.0.0/8', '127.0.0.1', '0.0.0.0/0', '198.18.0.10/32']],
  domains: [checkDomain, ['www.example.com', 'example.com', 'localhost', 'xn--bcher-kva.example', '1.example.com']],
  folders: [checkInnerFolder, ['public', './dist', 'a/b', 'dist/..hidden']],
  'health paths': [checkHealthPath, ['/', '/up', '/health?deep=1']],
  versions: [checkNodeVersion, ['20', '22', '24', '26', '24.22.3', '24.22.1']],
  packages: [checkPackageName, ['g++', 'python3.13', 'libvips42t64']],
  extensions: [checkExtensionName, ['pg_trgm', 'uuid-ossp', 'hstore']],
  // As `systemd-analyze calendar` of Debian 13 says, too.
  calendars: [
    checkCalendar,
    [
      'daily',
      'hourly',
      'Mon..Fri 06:30',
      'Mon-Fri 06:30',
      'Mon,Wed *-*-* 12:00:00',
      '*:0/5',
      '*-*-01 04:00',
      '12-24',
      '*-02~01',
      'Sun',
      '06:30 Europe/Berlin',
      '*-*-* 06..10:00',
      '*-*-1..7 18:00',
      '*:*:0/30',
      'daily UTC',
      '6:5',
    ],
  ],
  sizes: [checkSize('1 KB'), ['1 KB', '20 MB', '1.5GB', '512 mb']],
  variables: [checkEnvName, ['A', '_x', 'LOG_LEVEL', 'constructor']],
  settings: [checkPostgresSetting, ['work_mem', 'pg_stat_statements.max', 'max_connections', 'constructor']],
}

it.each([
  'every 5 minutes',
  'tomorrow-ish',
  'Mon 25:00',
  '*:0/0',
  '06:30 Mars/Base',
  '06:60',
  '24:00',
  'Mon *-13-01',
  '*',
  '06',
])('%s is no time', (value) => expect(checkCalendar(value)?.reason).toBe('it is not a time'))

it.each([
  ['/up"x', "write '/up%22x'"],
  ['/up{}', "write '/up%7B%7D'"],
  ['/größe', "write '/gr%C3%B6%C3%9Fe'"],
  ['/up#now', undefined],
  ['/up%2', undefined],
])('a health path is not %s', (value, suggestion) => {
  expect(checkHealthPath(value)).toBeDefined()
  expect(checkHealthPath(value)?.suggestion).toBe(suggestion)
})

it.each(['root@', '@host', 'ssh://@host', 'ssh://root@'])('a destination is not %s', (value) =>
  expect(checkDestination(value)?.reason).toContain('no host'),
)

describe.each(Object.entries(sound))('%s', (_, [check, values]) => {
  it.each(values)('%s is sound', (value) => expect(check(value)).toBeUndefined())
})

it.each([
  ['10.0.0', 'four numbers'],
  ['010.0.0.1', 'four numbers'],
  ['127.0.0.1', 'loopback'],
  ['224.0.0.18', 'multicast'],
  ['0.0.0.0', 'no address'],
  ['255.255.255.255', 'broadcast'],
])('an address is not %s', (value, reason) => expect(checkAddress(value)?.reason).toContain(reason))

it.each([
  ['10.0.0.1/', 'prefix length'],
  ['10.0.0.1/0', 'prefix length'],
  ['10.0.0.1/24/8', 'prefix length'],
  ['10.0.0.255/24', 'broadcast'],
  ['10.0.0.4/30', 'network'],
])('a virtual address is not %s', (value, reason) => expect(checkVirtualAddress(value)?.reason).toContain(reason))

it.each([
  ['203.0.113.7/8', '203.0.0.0/8'],
  ['10.0.0.0/33', 'prefix length'],
  ['fd00::1', 'IPv6'],
  ['fd00::/8', 'IPv6'],
  ['office', 'name'],
])('requests do not come from %s', (value, reason) => expect(checkSource(value)?.reason).toContain(reason))

it.each([
  ['https://www.example.com/', "write 'www.example.com'"],
  ['Example.com', "write 'example.com'"],
  ['example.com:8080', "write 'example.com'"],
  ['bücher.example', 'write it as xn--…'],
  ['*.example.com', undefined],
  ['203.0.113.10', undefined],
  ['under_score.example', undefined],
  ['', undefined],
])('a site is not called %s', (value, suggestion) => {
  expect(checkDomain(value)).toMatchObject({ reason: expect.any(String) })
  expect(checkDomain(value)?.suggestion).toBe(suggestion)
})

it.each([
  ['512 MB', 536_870_912],
  ['1.5 GB', 1_610_612_736],
  ['8kb', 8192],
])('%s is %i bytes', (size, bytes) => expect(bytesOf(size)).toBe(bytes))

it.each([
  ['@me/My App', 'my-app'],
  ['Gästebuch', 'gastebuch'],
  ['2024-app', 'app'],
  ['--', undefined],
  ['an-app-with-a-very-long-name-indeed', 'an-app-with-a-very-long-n'],
])('%s is called %s', (text, name) => expect(stackNameFrom(text)).toBe(name))

it('compares hosts without users and case', () => expect(hostOf('root@Web-A')).toBe('web-a'))
