import { expect, it } from 'vitest'
import { describeSource, nameRelease, secondsOf } from './name-release.ts'
import { runProgram } from './run-program.ts'
import { repository, shell } from './testing/git-repository.ts'
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

it('tells no revision where nothing is committed yet, and stops where git refuses', async () => {
  const folder = await temporaryFolder({ 'server.js': '1' })
  shell(folder, 'git init -q -b main')
  expect(await nameRelease({ folder, at })).toBe('20261122-213700')
  expect(await describeSource(folder)).toBe('the working tree: 1 file, nothing committed yet')
  shell(folder, 'echo [ >.git/config')
  await expect(nameRelease({ folder, at })).rejects.toMatchObject({ code: 'TRI-RELEASE-007' })
  await expect(describeSource(folder)).rejects.toMatchObject({ code: 'TRI-RELEASE-007' })
  await expect(nameRelease({ folder, at, revision: 'v1' })).rejects.toMatchObject({ code: 'TRI-RELEASE-007' })
})

it('says where a release comes from', async () => {
  expect(await describeSource(await temporaryFolder())).toBe('the folder as it is (no git)')
  const folder = await repository({ 'a.js': '1', 'b.js': '2' })
  expect(await describeSource(folder)).toMatch(/^the working tree, which is revision [0-9a-f]{7}$/)
  shell(folder, String.raw`echo 2 >a.js; git mv b.js $'c\nd.js'`)
  expect(await describeSource(folder)).toMatch(
    /^the working tree: revision [0-9a-f]{7} and 3 files that are not committed$/,
  )
  expect(await describeSource(folder, 'main')).toMatch(/^revision [0-9a-f]{7}$/)
})

it('gives back its time', () => {
  expect(secondsOf('20261122-213700-abc1234')).toBe(Date.UTC(2026, 10, 22, 21, 37) / 1000)
  expect(secondsOf('mine')).toBeCloseTo(Date.now() / 1000, -1)
})
