import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeSocketFolder } from './socket-folder.ts'

let base: string
beforeAll(async () => void (base = await mkdtemp(join(tmpdir(), 'sockets-'))))
afterAll(() => rm(base, { recursive: true }))

it('is made for its user alone', async () => {
  const folder = await makeSocketFolder({ XDG_RUNTIME_DIR: base })
  expect(folder).toBe(join(base, 'trimaran'))
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
})

it('is refused where others may enter', async () => {
  const open = join(base, 'open')
  await mkdir(join(open, 'trimaran'), { recursive: true })
  await chmod(join(open, 'trimaran'), 0o755)
  await expect(makeSocketFolder({ XDG_RUNTIME_DIR: open })).rejects.toMatchObject({ code: 'TRI-SSH-007' })
})

it('is another where the path would be too long for a socket', async () => {
  const folder = await makeSocketFolder({ XDG_RUNTIME_DIR: join(base, 'x'.repeat(60)) })
  expect(Buffer.byteLength(folder)).toBeLessThanOrEqual(64)
})
