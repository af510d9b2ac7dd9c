import { expect, it } from 'vitest'
import { readHistory } from './read-history.ts'

const line = (at: string, more: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ at, operator: 'ana@laptop', command: 'deploy', stack: 'shop', steps: 2, ok: true, ...more })

it('makes one deed of what a command left on all servers', () => {
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
  expect(readHistory(trails)).toEqual([
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

it('takes lines without a run together by operator, command and minute, and leaves out what is no entry', () => {
  const trails = new Map([
    ['app-1', `${line('2026-11-25T10:00:02Z', {})}\n{"at":\n`],
    ['app-2', line('2026-11-25T10:00:40Z', {})],
  ])
  expect(readHistory(trails).map(({ servers }) => servers)).toEqual([['app-1', 'app-2']])
})
