import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { awaitApt } from './await-apt.ts'

const folder = mkdtempSync(join(tmpdir(), 'trimaran-apt-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [frontend, lists] = [join(folder, 'lock-frontend'), join(folder, 'lists')] as const
for (const file of [frontend, lists]) writeFileSync(file, '')

/** Locks a file as apt does, by fcntl, until it is killed. */
async function hold(file: string, name = 'unattended-upgr'): Promise<ChildProcess> {
  const lock = `use Fcntl; $0 = "${name}"; open(my $f, "+<", $ARGV[0]); my $l = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0);
    fcntl($f, F_SETLK, $l) or die;
    $| = 1; print "held\n"; sleep 60`
  const holder = spawn('perl', ['-e', lock, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void holder.kill())
  await once(holder.stdout, 'data')
  return holder
}

const wait = (seconds: number): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    const script = awaitApt(seconds, [join(folder, 'not there'), frontend, lists]).text
    execFile('bash', ['-c', script], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    )
  })

it('says nothing where nobody holds a lock', async () => {
  expect(await wait(0)).toEqual({ code: 0, said: '' })
})

it('waits for whoever holds one, and says who that is', async () => {
  const holder = await hold(lists)
  const waiting = wait(30)
  setTimeout(() => holder.kill(), 1500)
  expect(await waiting).toEqual({ code: 0, said: `waiting for apt: held by unattended-upgr (pid ${holder.pid})\n` })
})

it('gives up after the time, with the one who held it', async () => {
  const holder = await hold(frontend, 'apt-get')
  const { code, said } = await wait(1)
  expect([code, said.trim().split('\n').at(-1)]).toEqual([
    1,
    `apt is held by apt-get (pid ${holder.pid}) for more than 1 seconds`,
  ])
})
