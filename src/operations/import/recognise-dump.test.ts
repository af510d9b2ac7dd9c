import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { arrivesPacked, openDump } from './open-dump.ts'
import { contents, type DumpFile, recogniseDump } from './recognise-dump.ts'

const sql = Buffer.from(`--\n-- PostgreSQL database dump\n--\n${'select 1;\n'.repeat(50_000)}`)
const archive = Buffer.concat([Buffer.from('PGDMP'), Buffer.alloc(200_000, 7)])

async function fileOf(content: Buffer, name = 'dump'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trimaran-dump-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

describe('a dump is known by its content', () => {
  it.each([
    ['SQL', sql, { format: 'sql' }],
    ['SQL by gzip', gzipSync(sql), { format: 'sql', compression: 'gzip' }],
    ['SQL by zstd', zstdCompressSync(sql), { format: 'sql', compression: 'zstd' }],
    ['an archive', archive, { format: 'custom' }],
    ['an archive by gzip', gzipSync(archive), { format: 'custom', compression: 'gzip' }],
    ['an archive by zstd', zstdCompressSync(archive), { format: 'custom', compression: 'zstd' }],
  ] as const)('%s', async (_name, content, expected) => {
    const path = await fileOf(content)
    expect(await recogniseDump(path)).toEqual({ path, bytes: content.length, ...expected })
  })

  it('a folder of pg_dump', async () => {
    const path = join(await fileOf(archive, 'toc.dat'), '..')
    expect(await recogniseDump(path)).toEqual({ path, format: 'directory', bytes: archive.length, names: ['toc.dat'] })
  })

  it('a folder, of which only what pg_dump wrote is sent', async () => {
    const path = join(await fileOf(archive, 'toc.dat'), '..')
    await Promise.all(
      ['3001.dat.gz', 'blobs_3002.toc', 'blob_16400.dat'].map((name) => writeFile(join(path, name), sql)),
    )
    await writeFile(Buffer.concat([Buffer.from(`${path}/`), Buffer.from('ff2e646174', 'hex')]), 'another one')
    await symlink('nowhere', join(path, 'link'))
    const file = await recogniseDump(path)
    const names = ['3001.dat.gz', 'blob_16400.dat', 'blobs_3002.toc', 'toc.dat']
    expect(file).toEqual({ path, format: 'directory', bytes: archive.length + 3 * sql.length, names })
    const listed = async (sent: DumpFile): Promise<string> => {
      const tar = spawnSync('tar', ['-t'], { input: Buffer.concat(await openDump(sent, () => {}).toArray()) })
      return tar.stdout.toString()
    }
    expect(await listed(file)).toBe(names.map((name) => `${name}\n`).join(''))
    expect(await listed({ ...file, names: [contents] })).toBe('toc.dat\n')
  })

  it.each([
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'it is a PNG image'],
    ['a picture, compressed', gzipSync(Buffer.from('89504e470d0a1a0a', 'hex')), 'it is a PNG image'],
    ['nothing', Buffer.alloc(0), 'it is empty'],
    ['a dump of MySQL', Buffer.from('-- MySQL dump 10.13  Distrib 8.0.36\n'), 'MySQL'],
    ['other bytes', Buffer.from([1, 0, 2, 0]), 'neither SQL'],
    ['SQLite', Buffer.from('SQLite format 3\0'), 'SQLite'],
    ['a tar archive', Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\0')]), 'tar archive'],
    ['what only looks compressed', Buffer.from('1f8b0800ffff', 'hex'), 'it is empty, or cannot be unpacked'],
  ])('not %s', async (_name, content, why) => {
    await expect(recogniseDump(await fileOf(content))).rejects.toMatchObject({
      code: 'TRI-IMPORT-001',
      facts: { why: expect.stringContaining(why) },
    })
  })

  it('no file, and no folder of something else', async () => {
    const path = await fileOf(sql)
    await expect(recogniseDump(`${path}-not-there`)).rejects.toMatchObject({ code: 'TRI-IMPORT-001' })
    await expect(recogniseDump(join(path, '..'))).rejects.toMatchObject({ code: 'TRI-IMPORT-001' })
  })
})

describe('a dump is sent', () => {
  const unpack = async (content: Buffer): Promise<Buffer> => {
    const file = await recogniseDump(await fileOf(content))
    let read = 0
    const sent = Buffer.concat(await openDump(file, (bytes) => (read += bytes)).toArray())
    expect(read).toBe(content.length)
    expect(sent.subarray(0, 2).toString('hex') === '1f8b').toBe(arrivesPacked(file))
    return arrivesPacked(file) ? (await import('node:zlib')).gunzipSync(sent) : sent
  }
  it.each([
    ['SQL', sql, sql],
    ['SQL by gzip', gzipSync(sql), sql],
    ['SQL by zstd', zstdCompressSync(sql), sql],
    ['an archive', archive, archive],
    ['an archive by zstd', zstdCompressSync(archive), archive],
  ])('whole, counted, and text never unpacked: %s', async (_name, content, expected) => {
    expect((await unpack(content)).equals(expected)).toBe(true)
  })

  it('not where it cannot be unpacked to its end', async () => {
    const whole = zstdCompressSync(Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251)))
    const file = await recogniseDump(await fileOf(zstdCompressSync(sql)))
    await writeFile(file.path, whole.subarray(0, whole.length - 20))
    await expect(openDump(file, () => {}).toArray()).rejects.toThrow()
  })
})
