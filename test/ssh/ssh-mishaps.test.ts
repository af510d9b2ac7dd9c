import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import spawn from 'nano-spawn'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSshTransport } from '../../src/transport/ssh-transport.ts'
import type { Connection, Target } from '../../src/transport/transport.ts'
import { startThrowAwaySshd, type ThrowAwaySshd } from './throw-away-sshd.ts'

let sshd: ThrowAwaySshd
let sockets: string
const transport = () => createSshTransport({ XDG_RUNTIME_DIR: sshd.folder })
const at = (destination: string): Target => ({ name: 'web-1', destination, sshConfig: sshd.sshConfig })

beforeAll(async () => {
  sshd = await startThrowAwaySshd(['MaxSessions 10'])
  sockets = join(sshd.folder, 'trimaran')
})
afterAll(() => sshd.end())

/** The socket of the one open connection, and the process behind it. */
async function master(): Promise<{ socket: string; pid: number }> {
  const [name] = (await readdir(sockets)).filter((file) => !file.includes('.'))
  const socket = join(sockets, name!)
  const { stderr, stdout } = await spawn('ssh', ['-O', 'check', '-S', socket, 'any'])
  return { socket, pid: Number(/pid=(\d+)/.exec(stderr + stdout)![1]) }
}

async function fresh(): Promise<Connection> {
  return await transport().connect(at('server'))
}

describe('a warm connection', () => {
  it('is shared by many at once, and lies where only its user can use it', async () => {
    const shared = transport()
    const connections = await Promise.all([1, 2, 3, 4].map(() => shared.connect(at('server'))))
    // The server may still be at work on the opening until it has run something.
    await connections[0]!.run('true')
    const before = await sshd.sessions()
    await Promise.all(connections.map((connection) => connection.run('true')))
    // Shells that have answered may take a moment to be gone.
    await vi.waitFor(async () => expect((await sshd.sessions()).length).toBeLessThanOrEqual(before.length))
    expect((await stat(sockets)).mode & 0o777).toBe(0o700)
    expect((await readdir(sockets)).filter((name) => !name.includes('.'))).toHaveLength(1)
  })

  it('is not reached by another config file', async () => {
    await fresh()
    const other = join(sshd.folder, 'other_config')
    await writeFile(other, `${await readFile(sshd.sshConfig, 'utf8')}\n`.replace('Port 1\n', 'Port 2\n'))
    const sameText = await transport().connect({ ...at('server'), sshConfig: other })
    expect((await sameText.run('echo well')).stdout).toBe('well\n')
    await expect(transport().connect({ ...at('nowhere'), sshConfig: other })).rejects.toMatchObject({
      code: 'TRI-SSH-001',
    })
  })
})

describe('a mishap on the way', () => {
  it('a stale socket is replaced', async () => {
    await fresh()
    const { socket, pid } = await master()
    process.kill(pid, 'SIGKILL')
    await sleep(50)
    expect((await stat(socket)).isSocket()).toBe(true)
    const connection = await fresh()
    expect((await connection.run('echo well')).stdout).toBe('well\n')
  })

  it('a master that dies between two scripts is replaced', async () => {
    const connection = await fresh()
    process.kill((await master()).pid, 'SIGKILL')
    expect((await connection.run('echo well')).stdout).toBe('well\n')
  })

  it('a master that hangs is replaced within seconds', async () => {
    const connection = await fresh()
    const { pid } = await master()
    process.kill(pid, 'SIGSTOP')
    const started = performance.now()
    expect((await connection.run('echo well')).stdout).toBe('well\n')
    expect((await (await fresh()).run('echo well')).stdout).toBe('well\n')
    expect(performance.now() - started).toBeLessThan(5000)
    process.kill(pid, 'SIGKILL')
  })

  it('a master that is killed while a script runs is a broken connection, and the script ends its work', async () => {
    const connection = await fresh()
    const { pid } = await master()
    const file = join(sshd.folder, 'finished')
    const script = `echo begun; sleep 0.5; for i in $(seq 2000); do echo "line $i of a long story"; done; echo yes > ${file}`
    const running = connection.run(script, { onLine: (line) => line === 'begun' && process.kill(pid, 'SIGKILL') })
    await expect(running).rejects.toMatchObject({
      code: 'TRI-SSH-004',
      facts: { state: expect.stringContaining('runs to its end') },
    })
    await sleep(1500)
    expect(await readFile(file, 'utf8')).toBe('yes\n')
  })

  it('a script that arrives only in part is not run', async () => {
    const connection = await fresh()
    const file = join(sshd.folder, 'half')
    const script = `echo yes > ${file}\n: ${'x'.repeat(30_000_000)}`
    const running = expect(connection.run(script)).rejects.toMatchObject({ code: 'TRI-SSH-004' })
    await until(async () => (await leftScripts()).length > 0)
    await sshd.cut()
    await running
    await until(async () => (await leftScripts()).length === 0)
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('a server that lost its power behind an open connection is noticed, and found again', async () => {
    const connection = await fresh()
    await connection.run('true')
    await sshd.freeze()
    const started = performance.now()
    try {
      await expect(connection.run('echo well')).rejects.toMatchObject({
        code: 'TRI-SSH-001',
        facts: { why: expect.stringContaining('No answer in time') },
      })
      expect(performance.now() - started).toBeLessThan(8500)
    } finally {
      await sshd.thaw()
    }
    expect((await connection.run('echo well')).stdout).toBe('well\n')
  })

  it('a server that was switched off and on again costs no failure', async () => {
    const connection = await fresh()
    await sshd.cut()
    expect((await connection.run('echo well')).stdout).toBe('well\n')
  })

  it('a server that allows one session a connection is given several connections', async () => {
    const narrow = await startThrowAwaySshd(['MaxSessions 1'])
    try {
      const target = { name: 'web-1', destination: 'server', sshConfig: narrow.sshConfig }
      const connection = await createSshTransport({ XDG_RUNTIME_DIR: narrow.folder }).connect(target)
      const results = await Promise.all(
        [1, 2, 3, 4, 5, 6, 7].map((number) => connection.run(`sleep 0.5; echo ${number}`)),
      )
      expect(results.map(({ stdout }) => stdout.trim())).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    } finally {
      await narrow.end()
    }
  })

  it('what a script leaves running does not hold the operator', async () => {
    const connection = await fresh()
    const started = performance.now()
    expect((await connection.run('sleep 3 & echo done')).stdout).toBe('done\n')
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('a followed script is ended on the server too', async () => {
    const connection = await fresh()
    const stop = new AbortController()
    const mark = `sleep 4${Math.floor(Math.random() * 1e6)}`
    await connection.follow(`echo ready; ${mark} & wait`, () => stop.abort(), stop.signal)
    await sleep(300)
    expect((await connection.run(`pgrep -fc ${JSON.stringify(`^${mark}`)}`)).stdout).toBe('0\n')
  })

  it('no script stays behind on the server', async () => {
    const connection = await fresh()
    const { stdout } = await connection.run(
      'pwd; ls /run/trimaran | grep -c script-; echo "$0 $OLDPWD"; umask; missing-command',
    )
    expect(stdout).toBe('/\n0\nscript \n0022\n')
  })

  it('names the line of a mistake in the script', async () => {
    const connection = await fresh()
    expect((await connection.run('true\nmissing-command')).stderr).toBe(
      'script: line 2: missing-command: command not found\n',
    )
  })

  it('a file of 100 MB arrives', async () => {
    const connection = await fresh()
    const [from, to] = [join(sshd.folder, 'big'), join(sshd.folder, 'placed-big')]
    await writeFile(from, Buffer.alloc(100 * 1024 ** 2, 'trimaran'))
    await connection.upload(from, to)
    expect((await stat(to)).size).toBe(100 * 1024 ** 2)
    expect((await stat(to)).mode & 0o777).toBe(0o600)
  })

  it('a file without a folder for it is refused', async () => {
    const connection = await fresh()
    await expect(connection.upload(sshd.sshConfig, '/no-such-folder/file')).rejects.toMatchObject({
      code: 'TRI-SSH-006',
      facts: { why: expect.stringContaining('No such file or directory') },
    })
  })

  it('a lost connection leaves no half a file', async () => {
    const connection = await fresh()
    const folder = join(sshd.folder, 'uploads')
    await mkdir(folder)
    await writeFile(join(folder, 'target'), 'old')
    const sending = connection.upload(join(sshd.folder, 'big'), join(folder, 'target'))
    const failed = expect(sending).rejects.toMatchObject({ code: 'TRI-SSH-004' })
    await until(async () => (await readdir(folder)).length === 2)
    await sshd.cut()
    await failed
    await until(async () => (await readdir(folder)).length === 1)
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('old')
  })
})

describe('a server that goes on and on', () => {
  const ways = [
    ['for ever before it does what it is asked', 'yes', 'TRI-SSH-008', 12],
    [
      'with a letter now and then before it does what it is asked',
      'while printf x; do sleep 0.2; done',
      'TRI-SSH-001',
      30,
    ],
    [
      'with a letter now and then in its answer',
      'printf x; for i in {1..150}; do sleep 0.2; printf x; done',
      'TRI-SSH-005',
      20,
    ],
    ['with lines in its answer', 'for i in {1..150}; do sleep 0.2; echo x; done', 'TRI-SSH-005', 20],
    // What runs on a server goes on when nobody listens any more: it must end by itself.
    ['with gigabytes in its answer', 'timeout 20 cat /dev/zero', 'TRI-SSH-008', 20],
  ] as const
  it.each(ways)('%s: it is given up', async (name, what, code, seconds) => {
    const isAtOnce = !name.includes('answer')
    const endless = await startThrowAwaySshd(isAtOnce ? [`ForceCommand ${what}`] : [])
    try {
      const target = { name: 'web-1', destination: 'server', sshConfig: endless.sshConfig }
      const connection = await createSshTransport({ XDG_RUNTIME_DIR: endless.folder }).connect(target)
      const startedAt = performance.now()
      const run = connection.run(isAtOnce ? 'true' : what, { silenceSeconds: 2, deadlineSeconds: 5 })
      await expect(run).rejects.toMatchObject({ code })
      expect((performance.now() - startedAt) / 1000).toBeLessThan(seconds)
    } finally {
      await endless.end()
    }
  })

  it('is waited for where it is only slow, in the middle of a long line', async () => {
    const slow = 'for i in {1..5}; do head -c 5000 /dev/zero | tr "\\0" x; sleep 0.6; done'
    const { stdout } = await (await fresh()).run(slow, { silenceSeconds: 1.5 })
    expect(stdout).toHaveLength(25_000)
  })
})

describe('a server that does not let us in', () => {
  const refusals = [
    ['nowhere', 'TRI-SSH-001', 'no SSH server listens there'],
    ['silent', 'TRI-SSH-001', 'No answer in time'],
    ['nameless', 'TRI-SSH-001', 'The host name does not resolve'],
    ['locked', 'TRI-SSH-002', 'wants another user, another key'],
    ['stranger', 'TRI-SSH-002', 'known_hosts has no key of this server'],
    ['changed', 'TRI-SSH-002', 'was reinstalled'],
  ] as const
  it.each(refusals)('%s: %s, %s', async (destination, code, why) => {
    const failed = await transport()
      .connect(at(destination))
      .catch((error: unknown) => error)
    expect(failed).toMatchObject({ code, facts: { why: expect.stringContaining(why) } })
  })

  it('a user without sudo has no root rights', async () => {
    const asNobody = 'setpriv --reuid=65534 --regid=65534 --clear-groups bash -c "$SSH_ORIGINAL_COMMAND"'
    const limited = await startThrowAwaySshd([`ForceCommand ${asNobody}`])
    try {
      const target = { name: 'web-1', destination: 'server', sshConfig: limited.sshConfig }
      const connection = await createSshTransport({ XDG_RUNTIME_DIR: limited.folder }).connect(target)
      await expect(connection.run('id -u')).rejects.toMatchObject({
        code: 'TRI-SSH-003',
        facts: { why: expect.stringContaining('sudo') },
      })
    } finally {
      await limited.end()
    }
  })

  it('a server without bash runs nothing', async () => {
    const limited = await startThrowAwaySshd(['ForceCommand echo "This account is not available"; exit 1'])
    try {
      const target = { name: 'web-1', destination: 'server', sshConfig: limited.sshConfig }
      const connection = await createSshTransport({ XDG_RUNTIME_DIR: limited.folder }).connect(target)
      await expect(connection.run('true')).rejects.toMatchObject({
        code: 'TRI-SSH-007',
        facts: { why: 'This account is not available' },
      })
    } finally {
      await limited.end()
    }
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return
    await sleep(10)
  }
  throw new Error('It did not come to be within 5 seconds')
}

const leftScripts = async (): Promise<string[]> =>
  (await readdir('/run/trimaran')).filter((name) => name.startsWith('script-'))
