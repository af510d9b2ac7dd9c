import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { contextFor, nineServers, serverNamed } from '../testing/stacks.ts'
import { readSystem } from './health.ts'
import { system } from './index.ts'

const stack = nineServers([system])

const told = (name: string, memoryBytes?: number): string =>
  system
    .render(contextFor(stack, name, memoryBytes === undefined ? {} : { memoryBytes }))
    .filter((resource): resource is File => resource.kind === 'file')
    .map(({ path, content }) => `---------- ${path}\n${content}`)
    .join('\n')

const settingNames = (name: string, memoryBytes: number): readonly string[] =>
  system
    .render(contextFor(stack, name, { memoryBytes }))
    .flatMap((one) => (one.kind === 'kernel-setting' ? [one.name] : []))

describe('system', () => {
  it.each(['lb-2', 'web-1', 'app-1', 'db-3'])('renders %s', async (name) => {
    await expect(told(name)).toMatchFileSnapshot(`goldens/nine-${name}.cfg`)
  })

  it('counts memory strictly where there is enough of it', () => {
    expect(told('db-1', 16 * 1024 ** 3)).toContain('vm.overcommit_memory = 2')
    expect(told('db-1', 1024 ** 3)).toContain('vm.overcommit_memory = 0')
  })

  it('sets the same kernel settings whatever the memory: a server is asked for them before its memory is known', () => {
    expect(settingNames('db-1', 1024 ** 3)).toEqual(settingNames('db-1', 64 * 1024 ** 3))
  })
})

// As a lab server answered.
const well = `cores\t2
load\t1.25
memory\t25276502016
available\t24630292480
limit\t1073741824\t800000000
disk\t/\t26\t79128876
disk\t/var/lib/postgresql\t26\t79128876
booted\t@1795385829
container\tyes
clock\t00000000\t\t0.000000000
`

describe('the health of system', () => {
  const read = (text: string) => readSystem(text, serverNamed(stack, 'db-1'))

  it('is well, with figures that belong to the server and not to the computer around it', () => {
    const health = read(well)
    expect(health.state).toBe('well')
    expect(health.note).toBeUndefined()
    expect(health.details).toMatchObject({
      memoryBytes: 1073741824,
      memoryAvailableBytes: 800000000,
      diskUsedPercent: 26,
      bootedAt: '2026-11-22T22:17:09.000Z',
      failedUnits: [],
    })
  })

  it.each([
    ['a full disk', `${well}disk\t/srv\t97\t1000\n`, 'the disk under /srv is 97 % full'],
    ['little memory', well.replace('800000000', '20000000'), 'only 19 MB of memory are left'],
    ['failed units', `${well}failed\tbackup.service\nfailed\tother.service\n`, 'backup.service and 1 more failed'],
    ['a clock that is off', well.replace(/clock.*/, 'clock\tC0A80101\t192.0.2.1\t-2.25'), 'its clock is 2.3 s off'],
  ])('is degraded with %s', (_situation, text, note) => {
    expect(read(text).state).toBe('degraded')
    expect(read(text).note).toContain(note)
  })

  it('is well, and says so, when a reboot waits or the clock has no source', () => {
    expect(read(`${well}reboot\tyes\n`)).toMatchObject({
      state: 'well',
      note: expect.stringContaining('trimaran exec db-1 -- systemctl reboot'),
    })
    expect(read(well.replace('container\tyes\n', '')).note).toContain('its clock has no source yet')
  })

  it('is unknown without an answer', () => {
    expect(read('')).toMatchObject({ state: 'unknown' })
  })
})
