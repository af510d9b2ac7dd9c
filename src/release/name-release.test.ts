import { expect, it } from 'vitest'
import { nameRelease, secondsOf } from './name-release.ts'
import { runProgram } from './run-program.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const at = new Date('2026-11-22T21:37:00.500Z')

it('is the time alone outside of git', async () => {
  expect(await nameRelease({ folder: await temporaryFolder(), at })).toBe('20261122-213700')
})

it('tells the revision, and whether something is not committed', async () => {
  const folder = await temporaryFolder({ 'server.js': '1' })
  const commit =
    'git init -q && git add . && git -c user.name=a -c user.email=a@example.com -c commit.gpgsign=false commit -qm first'
  expect(await runProgram('/bin/sh', ['-c', commit], { cwd: folder })).toMatchObject({ code: 0 })
  expect(await nameRelease({ folder, at })).toMatch(/^20261122-213700-[0-9a-f]{7}$/)
  await runProgram('/bin/sh', ['-c', 'echo 2 > server.js'], { cwd: folder })
  expect(await nameRelease({ folder, at })).toMatch(/^20261122-213700-[0-9a-f]{7}-dirty$/)
})

it('gives back its time', () => {
  expect(secondsOf('20261122-213700-abc1234')).toBe(Date.UTC(2026, 10, 22, 21, 37) / 1000)
  expect(secondsOf('mine')).toBeCloseTo(Date.now() / 1000, -1)
})
