import { expect, it } from 'vitest'
import { readHistory } from './read-history.ts'

const line = (at: string, more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ at, operator: 'ana@laptop', command: 'deploy', stack: 'shop', steps: 2, ok: true, ...more })

it('makes one entry of what a command left on all servers', () => {
  const trails = new Map([
    [
      'app-1',
      `${line('2026-11-25T10:00:02Z', { run: 'a', about: 'r2' })}\n${line('2026-11-25T10:00:09Z', { run: 'a', about: 'r2' })}\n`,
    ],
    [
      'web-1',
      `${line('2026-11-25T09:00:00Z', { run: 'b', command: 'up' })}\n${line('2026-11-25T10:00:03Z', { run: 'a', about: 'r2', ok: false })}\n`,
    ],
  ])
  const one = { operator: 'ana@laptop', steps: 2, ok: true }
  expect(readHistory(trails).commands).toEqual([
    { ...one, at: '2026-11-25T09:00:00Z', command: 'up', about: '', servers: ['web-1'] },
    {
      ...one,
      at: '2026-11-25T10:00:02Z',
      command: 'deploy',
      about: 'r2',
      servers: ['app-1', 'web-1'],
      steps: 6,
      ok: false,
    },
  ])
})

it('takes lines without a run together by operator, command and minute, and says who has lines that are none', () => {
  const trails = new Map([
    ['app-1', `${line('2026-11-25T10:00:02Z', {})}\n{"at":\n`],
    ['app-2', line('2026-11-25T10:00:40Z', {})],
  ])
  const { commands, damaged } = readHistory(trails)
  expect(commands.map(({ servers }) => servers)).toEqual([['app-1', 'app-2']])
  expect(damaged).toEqual(['app-1'])
})

it('lets no server change what was done on others', () => {
  const honest = line('2026-11-25T10:00:02Z', { run: 'a', about: 'r2' })
  const forged = line('2026-11-25T09:00:00Z', { run: 'a', about: 'r2', operator: 'eve@nowhere', command: 'down' })
  const { commands } = readHistory(
    new Map([
      ['app-1', honest],
      ['app-2', forged],
    ]),
  )
  expect(commands.map(({ operator, servers }) => [operator, servers])).toEqual([
    ['eve@nowhere', ['app-2']],
    ['ana@laptop', ['app-1']],
  ])
})

it.each([
  { at: 'soon' },
  { at: 5 },
  { operator: { toString: 1 } },
  { steps: '3' },
  { steps: -1 },
  { about: 'x'.repeat(2000) },
  { command: 'x'.repeat(100) },
  { more: 'x'.repeat(9000) },
])('takes no entry with %j', (more) => {
  const { commands, damaged } = readHistory(new Map([['app-1', line('2026-11-25T10:00:02Z', more)]]))
  expect({ commands, damaged }).toEqual({ commands: [], damaged: ['app-1'] })
})
