import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection, Target, Transport } from './transport.ts'

/** What the suite needs from an implementation's test. */
export interface TransportWorld {
  readonly transport: Transport
  readonly target: Target
  /** A destination where nothing answers. */
  readonly nowhere: Target
  /** A destination that answers and accepts no key. */
  readonly locked: Target
  /** A folder on the server for this suite only; it exists. */
  readonly folder: string
  /** The content of a file on the server. */
  read(path: string): Promise<Buffer>
  /** Breaks all open connections at once. */
  cut(): Promise<void>
  end(): Promise<void>
}

/** The contract of all transports; each implementation runs it in its own test. */
export function describeTransport(name: string, build: () => Promise<TransportWorld>): void {
  describe(name, () => {
    let world: TransportWorld
    let connection: Connection
    beforeAll(async () => {
      world = await build()
      connection = await world.transport.connect(world.target)
    })
    afterAll(async () => {
      await connection?.close()
      await world?.end()
    })

    it('gives the exit code, 255 among them', async () => {
      for (const code of [0, 1, 97, 127, 255]) expect((await connection.run(`exit ${code}`)).code).toBe(code)
    })

    it('keeps the two outputs apart, to the byte', async () => {
      const result = await connection.run(`echo one; echo two >&2; printf 'three\\n\\n  grün €'; printf four >&2`)
      expect(result).toEqual({ code: 0, stdout: 'one\nthree\n\n  grün €', stderr: 'two\nfour' })
    })

    it('says nothing where the script says nothing', async () => {
      expect(await connection.run('true')).toEqual({ code: 0, stdout: '', stderr: '' })
    })

    it('gives lines as they arrive', async () => {
      const lines: { line: string; at: number }[] = []
      const onLine = (line: string) => lines.push({ line, at: performance.now() })
      await connection.run('echo first; sleep 0.4; echo second; printf third', { onLine })
      expect(lines.map(({ line }) => line)).toEqual(['first', 'second', 'third'])
      expect(lines[1]!.at - lines[0]!.at).toBeGreaterThan(250)
    })

    it('runs a script of 5 MB', async () => {
      const script = `text='${'x'.repeat(5_000_000)}'\necho \${#text}`
      expect((await connection.run(script)).stdout).toBe('5000000\n')
    })

    it('takes 5 MB of output', async () => {
      expect((await connection.run(`head -c 5000000 /dev/zero | tr '\\0' x`)).stdout).toHaveLength(5_000_000)
    })

    it('gives the script an empty standard input', async () => {
      expect((await connection.run('cat; echo end')).stdout).toBe('end\n')
    })

    it('runs as bash does, with pipes that break quietly', async () => {
      const result = await connection.run(`set -euo pipefail; list=(a b); yes | head -1; echo "\${list[1]}"`)
      expect([result.code, result.stdout, result.stderr]).toEqual([141, 'y\n', ''])
    })

    it('runs twenty scripts at a time', async () => {
      const numbers = Array.from({ length: 20 }, (_, index) => `${index}\n`)
      const results = await Promise.all(numbers.map((number) => connection.run(`sleep 0.1; echo ${number}`)))
      expect(results.map(({ stdout }) => stdout)).toEqual(numbers)
    })

    it('places a file of any bytes, and replaces it', async () => {
      for (const bytes of [everyByte(3), everyByte(20_000), Buffer.alloc(0)]) {
        await inLocalFile(bytes, (path) => connection.upload(path, `${world.folder}/some file`, { mode: '0640' }))
        expect((await world.read(`${world.folder}/some file`)).equals(bytes)).toBe(true)
      }
    })

    it('feeds a script, which may end before it has read all', async () => {
      const pieces = (): Readable => Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(65_536, 'a')))
      expect((await connection.feed('wc -c; echo end', pieces)).stdout).toBe('2621440\nend\n')
      const early = await connection.feed('head -c 3; echo; echo enough >&2; exit 4', pieces)
      expect(early).toEqual({ code: 4, stdout: 'aaa\n', stderr: 'enough\n' })
    })

    it('follows a script until the signal', async () => {
      const stop = new AbortController()
      const lines: string[] = []
      const onLine = (line: string): void => {
        lines.push(line)
        if (lines.length === 3) stop.abort()
      }
      await connection.follow('while true; do echo again; sleep 0.05; done', onLine, stop.signal)
      expect(lines).toEqual(['again', 'again', 'again'])
    })

    it('follows a script until it ends', async () => {
      const lines: string[] = []
      await connection.follow('echo only', (line) => lines.push(line), new AbortController().signal)
      expect(lines).toEqual(['only'])
    })

    it('stops to wait when the signal is given', async () => {
      const reason = new Error('enough')
      const started = performance.now()
      const signal = AbortSignal.any([abortAfter(200, reason)])
      await expect(connection.run('sleep 5', { signal })).rejects.toBe(reason)
      expect(performance.now() - started).toBeLessThan(1500)
      await expect(connection.run('true', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    })

    it('stops to wait at the deadline', async () => {
      const late = connection.run('sleep 5', { deadlineSeconds: 0.3 })
      await expect(late).rejects.toMatchObject({ code: 'TRI-SSH-005' })
    })

    it('stops to wait where nothing more is said, and where it comes a letter at a time', async () => {
      for (const script of ['echo begun; sleep 5', 'echo begun; for i in {1..50}; do printf x; sleep 0.1; done']) {
        const silent = connection.run(script, { silenceSeconds: 0.5 })
        await expect(silent).rejects.toMatchObject({
          code: 'TRI-SSH-005',
          message: expect.stringContaining('stopped answering'),
        })
      }
    })

    it('waits for a slow script that goes on', async () => {
      const slow = connection.run('for i in {1..6}; do echo line; sleep 0.3; done', { silenceSeconds: 1.2 })
      expect((await slow).stdout).toBe('line\n'.repeat(6))
    })

    it('tells a connection that broke from a script that failed, and connects again', async () => {
      const broken = connection.run('echo begun; sleep 5; exit 3', { onLine: () => void world.cut() })
      await expect(broken).rejects.toMatchObject({ code: 'TRI-SSH-004' })
      expect((await connection.run('echo again')).stdout).toBe('again\n')
    })

    it('says that nobody answers', async () => {
      await expect(world.transport.connect(world.nowhere)).rejects.toMatchObject({
        code: 'TRI-SSH-001',
        message: `${world.nowhere.name} does not answer`,
      })
    })

    it('says that no key is accepted', async () => {
      await expect(world.transport.connect(world.locked)).rejects.toMatchObject({
        code: 'TRI-SSH-002',
        message: `${world.locked.name} accepts none of your keys`,
      })
    })

    it('ends what runs when it is closed', async () => {
      const another = await world.transport.connect(world.target)
      const running = another.run('sleep 5')
      const rejected = expect(running).rejects.toThrow('was closed')
      await another.close()
      await rejected
    })
  })
}

const everyByte = (times: number): Buffer =>
  Buffer.concat(Array.from({ length: times }, () => Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))))

async function inLocalFile(content: Buffer, act: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'trimaran-upload-'))
  try {
    await writeFile(join(folder, 'file'), content)
    await act(join(folder, 'file'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function abortAfter(milliseconds: number, reason: Error): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), milliseconds)
  return controller.signal
}
