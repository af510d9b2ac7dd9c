/**
 * `npm run node-releases`: holds the versions of Node.js that servers may get to what nodejs.org publishes and signs. For
 * each version: its SHASUMS256.txt.asc has a good signature of one of Node's releasers, the archives for servers have the
 * sums that stand there, and the program in them is the one that the table names.
 *
 * Needs a way to nodejs.org, and gpg with the releasers' keys: https://github.com/nodejs/release-keys.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type NodePlatform, nodeReleases } from '../src/config/values/node-releases.ts'

const run = promisify(execFile)
const work = await mkdtemp(join(tmpdir(), 'node-releases-'))
let wrong = 0

try {
  for (const { version, sha256 } of nodeReleases) {
    const sums = await readSigned(version)
    for (const [platform, due] of Object.entries(sha256) as [NodePlatform, string][]) {
      const name = `node-v${version}-${platform}`
      const archive = await get(`https://nodejs.org/dist/v${version}/${name}.tar.gz`)
      tell(`${name}.tar.gz`, sums.get(`${name}.tar.gz`) ?? 'no sum is signed', hashOf(archive))
      const path = join(work, `${name}.tar.gz`)
      await writeFile(path, archive)
      const { stdout } = await run('tar', ['-xzOf', path, `${name}/bin/node`], {
        encoding: 'buffer',
        maxBuffer: 2 ** 30,
      })
      tell(`${name}/bin/node`, due, hashOf(stdout))
      await rm(path)
    }
  }
} finally {
  await rm(work, { recursive: true, force: true })
}
process.exitCode = wrong === 0 ? 0 : 1

/** The sums by file name, from the text that gpg found signed, and from nothing beside it. */
async function readSigned(version: string): Promise<ReadonlyMap<string, string>> {
  const path = join(work, 'SHASUMS256.txt.asc')
  await writeFile(path, await get(`https://nodejs.org/dist/v${version}/SHASUMS256.txt.asc`))
  const { stdout } = await run('gpg', ['--batch', '--decrypt', path])
  return new Map(stdout.split('\n').map((line) => line.split(/\s+/).toReversed() as [string, string]))
}

async function get(url: string): Promise<Buffer> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return Buffer.from(await answer.arrayBuffer())
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function tell(name: string, due: string, found: string): void {
  console.log(due === found ? `✔ ${name}` : `✖ ${name}\n  should be ${due}\n  and is    ${found}`)
  if (due !== found) wrong += 1
}
