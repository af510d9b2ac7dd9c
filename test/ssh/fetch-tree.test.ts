import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchTree } from '../../src/release/fetch-tree.ts'
import { createSshTransport } from '../../src/transport/ssh-transport.ts'
import type { Connection } from '../../src/transport/transport.ts'
import { startThrowAwaySshd, type ThrowAwaySshd } from './throw-away-sshd.ts'

const megabytes = 96

describe('a release that is fetched from a server', () => {
  let sshd: ThrowAwaySshd
  let connection: Connection
  let tree: string
  let file: string

  const handed = { release: '20261122-213700', sort: 'app' } as const
  beforeAll(async () => {
    sshd = await startThrowAwaySshd()
    const target = { name: 'app-1', destination: 'server', sshConfig: sshd.sshConfig }
    connection = await createSshTransport({ XDG_RUNTIME_DIR: sshd.folder }).connect(target)
    tree = join(sshd.folder, 'tree')
    file = join(sshd.folder, 'fetched', 'app.tar.gz')
    await mkdir(tree)
    execFileSync('bash', ['-c', `head -c ${megabytes}M /dev/urandom >"$0/large"; echo small >"$0/.small"`, tree])
  })
  afterAll(async () => {
    await connection?.close()
    await sshd?.end()
  })

  const leftIn = (folder: string): Promise<string[]> => readdir(join(sshd.folder, folder)).catch(() => [])

  it('arrives whole, and takes no memory', async () => {
    const before = process.memoryUsage.rss()
    let most = before
    const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50)
    const startedAt = performance.now()
    await fetchTree({ ...handed, connection, server: 'app-1', path: tree, file })
    clearInterval(look)
    const grown = Math.round((most - before) / 1024 ** 2)
    const { size } = await stat(file)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    process.stdout.write(`${Math.round(size / 1e6)} MB in ${seconds} s; memory grew by ${grown} MB at most\n`)
    // The archive has times and owners of its own: it is the content that must be the same.
    const unpacked = `${file}.unpacked`
    execFileSync('mkdir', [unpacked])
    execFileSync('tar', ['-xzf', file, '-C', unpacked])
    execFileSync('diff', ['-r', tree, unpacked])
    await rm(unpacked, { recursive: true })
    expect(size).toBeGreaterThan(megabytes * 1024 ** 2)
    expect(grown).toBeLessThan(64)
    expect(await leftIn('fetched')).toEqual(['app.tar.gz'])
  })

  it('is not there at all where it is not what was built', async () => {
    const changed = {
      ...handed,
      connection,
      server: 'app-1',
      path: tree,
      file: join(sshd.folder, 'changed', 'app.tar.gz'),
    }
    await expect(fetchTree({ ...changed, digest: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'TRI-RELEASE-004',
      facts: { why: expect.stringContaining('not what was built') },
    })
    expect(await leftIn('changed')).toEqual([])
  })

  it('ends at a bound, where a server goes on and on', async () => {
    const endless = {
      ...handed,
      connection,
      server: 'app-1',
      path: tree,
      file: join(sshd.folder, 'endless', 'app.tar.gz'),
    }
    await expect(fetchTree({ ...endless, mostBytes: 5_000_000 })).rejects.toMatchObject({ code: 'TRI-SSH-008' })
    expect(await leftIn('endless')).toEqual([])
  })

  it('is not there at all where the server cannot hand it out', async () => {
    const missing = {
      ...handed,
      connection,
      server: 'app-1',
      path: `${tree}/none`,
      file: join(sshd.folder, 'none', 'app.tar.gz'),
    }
    await expect(fetchTree(missing)).rejects.toMatchObject({ code: 'TRI-RELEASE-004' })
    expect(await leftIn('none')).toEqual([])
  })

  it('is not there at all where this disk is full', async () => {
    const folder = join(sshd.folder, 'full')
    await mkdir(folder)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder])
    try {
      const full = fetchTree({ ...handed, connection, server: 'app-1', path: tree, file: join(folder, 'app.tar.gz') })
      await expect(full).rejects.toMatchObject({
        code: 'TRI-RELEASE-004',
        facts: { why: expect.stringContaining('ENOSPC') },
      })
      expect(await leftIn('full')).toEqual([])
    } finally {
      execFileSync('umount', [folder])
    }
  })

  it('is refused where a server sends something else', async () => {
    const liar: Connection = {
      ...connection,
      run: (script, options) => connection.run(`echo 'not base64!'; sleep 20`, { ...options }),
    }
    const startedAt = performance.now()
    await expect(fetchTree({ ...handed, connection: liar, server: 'app-1', path: tree, file })).rejects.toMatchObject({
      code: 'TRI-RELEASE-004',
      facts: { why: 'it sent something else' },
    })
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})
