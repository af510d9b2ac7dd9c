import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { createMemoryTransport, type Answer } from './memory-transport.ts'
import { describeTransport } from './transport.case.ts'

describeTransport('the transport in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trimaran-answers-'))
  const transport = createMemoryTransport(answerByBash(folder))
  transport.server('nowhere').reach = 'unreachable'
  transport.server('locked').reach = 'locked'
  return {
    transport,
    target: { name: 'web-1', destination: 'somewhere' },
    nowhere: { name: 'web-2', destination: 'nowhere' },
    locked: { name: 'web-3', destination: 'locked' },
    folder: '/srv',
    read: async (path) => transport.server('somewhere').files.get(path)!.content,
    cut: async () => transport.server('somewhere').cut(),
    // A script that was given up may still write there.
    end: () => rm(folder, { recursive: true, maxRetries: 20 }),
  }
})

describe('a server in memory', () => {
  const transport = createMemoryTransport((script, { say }) => {
    if (script !== 'uptime') return { code: 127, stderr: 'not found\n' }
    say('up for a day')
    return {}
  })

  it('answers by the function that the test gives, and remembers the scripts', async () => {
    const connection = await transport.connect({ name: 'db-1', destination: 'db' })
    expect(await connection.run('uptime')).toEqual({ code: 0, stdout: 'up for a day\n', stderr: '' })
    expect(await connection.run('reboot')).toEqual({ code: 127, stdout: '', stderr: 'not found\n' })
    expect(transport.server('db').scripts).toEqual(['uptime', 'reboot'])
  })

  it('may die while a connection to it is open', async () => {
    const connection = await transport.connect({ name: 'db-1', destination: 'db' })
    transport.server('db').reach = 'unreachable'
    await expect(connection.run('uptime')).rejects.toMatchObject({ code: 'TRI-SSH-001' })
  })
})

/** Lets this computer's bash stand for the server's. */
function answerByBash(folder: string): Answer {
  let scripts = 0
  return async (script, { say, signal, input }) => {
    const file = join(folder, `script-${++scripts}`)
    await writeFile(file, script)
    const bash = spawn('bash', [file], { stdio: ['pipe', 'pipe', 'pipe'], signal })
    bash.on('error', () => {})
    bash.stdin.on('error', () => {}) // It may end before it has read all.
    if (input === undefined) bash.stdin.end()
    else input.pipe(bash.stdin)
    let stdout = ''
    let stderr = ''
    bash.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    bash.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    createInterface(bash.stdout).on('line', say)
    const code = await new Promise<number>((resolve) => bash.on('close', (exit) => resolve(exit ?? -1)))
    return { code, stdout, stderr }
  }
}
