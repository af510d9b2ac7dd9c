import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { askHost } from './host-facts.ts'
import { readHost } from './read-host.ts'

const has = (program: string): boolean => spawnSync('which', [program]).status === 0
const canAsk = ['ss', 'ip', 'perl', 'nproc', 'systemd-detect-virt'].every(has)

/** Servers are captured in `testing/captured`; here the question itself is put, to this computer. */
it.skipIf(!canAsk)('asks a real computer, and understands all that it says', async () => {
  const listener = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const { port } = listener.address() as { readonly port: number }
  const { stdout } = spawnSync('bash', ['-s'], { input: askHost().text, encoding: 'utf8' })
  listener.close()

  const doubts: string[] = []
  const host = readHost(stdout, '127.0.0.1', (what, words) => doubts.push(`${what}: ${words}`))
  expect(doubts).toEqual([])
  if ('refused' in host) throw new Error(host.refused)
  expect(host.os.id).toBe(/^ID="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))![1])
  expect(host.cores).toBe(availableParallelism())
  expect(host.networkInterface).toBe('lo')
  expect(Math.abs(host.clockSeconds - Date.now() / 1000)).toBeLessThan(60)
  expect(host.ports.filter((held) => held.port === port)).toMatchObject([{ address: '127.0.0.1' }])
})
