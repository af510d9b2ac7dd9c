import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProgram, type Setting } from '../program.ts'

/** The programs themselves, before sockets that answer as HAProxy does. */
let folder: string
let listening: Server[] = []
/** What was asked, in its order. */
let asked: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haproxy-programs-'))
  writeFileSync(join(folder, 'ask'), readProgram(import.meta.url, 'ask-haproxy', { SOCKET: join(folder, 'admin') }))
  asked = []
})
afterEach(async () => {
  await Promise.all(listening.map((one) => new Promise((resolve) => one.close(resolve))))
  listening = []
  rmSync(folder, { recursive: true })
})

/** Answers each question, and ends: as HAProxy does. Without an answer it is silent. */
async function answering(name: string, answer: (question: string) => string | undefined): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (data) => {
      const question = data.toString().trim()
      asked.push(question)
      const said = answer(question)
      if (said !== undefined) socket.end(said)
    })
  })
  listening.push(server)
  await new Promise<void>((resolve) => server.listen(join(folder, name), resolve))
}

interface Ended {
  readonly code: number
  readonly said: string
}

const perl = (file: string, words: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile('perl', [file, ...words], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    )
  })

function run(name: string, words: readonly string[], settings: Readonly<Record<string, Setting>> = {}): Promise<Ended> {
  const file = join(folder, name)
  writeFileSync(file, readProgram(import.meta.url, name, { ASK: join(folder, 'ask'), ...settings }))
  return perl(file, words)
}

describe('ask-haproxy', () => {
  const ask = (...words: readonly string[]) => perl(join(folder, 'ask'), words)

  it('prints the answer', async () => {
    await answering('admin', (question) => `${question}: all of it\nand more\n`)
    expect(await ask('show', 'stat')).toEqual({ code: 0, said: 'show stat: all of it\nand more\n' })
  })

  it('fails where HAProxy does not run, and where it is silent', async () => {
    expect(await ask('show stat')).toMatchObject({ said: expect.stringContaining('HAProxy does not run') as string })
    await answering('admin', () => undefined)
    const { code, said } = await ask('show stat')
    expect({ code: code !== 0, said }).toEqual({ code: true, said: 'HAProxy does not answer\n' })
    for (const one of listening) one.unref()
    listening = []
  })
})

describe('readiness', () => {
  const state = (port: number, isWell: boolean) => `3 local-${port} 1 here 127.0.0.1 ${isWell ? 2 : 0} 0 1 1\n`
  const readiness = (...words: readonly string[]) => run('readiness', words, { INTERVAL: 1 })

  it('sums up how many requests callers have', async () => {
    const table = (question: string) => `# table: ${question}\n0x1: key=10.0.0.1 gpt0=3\n0x2: key=10.0.0.2 gpt0=4\n`
    await answering('admin', table)
    expect(await readiness('busy', '3000', '3001')).toEqual({ code: 0, said: '14\n' })
  })

  it('opens once HAProxy takes it for well', async () => {
    let looks = 0
    await answering('admin', (question) =>
      question === 'show servers state' ? `1\n${state(3000, ++looks > 2)}` : '\n',
    )
    expect(await readiness('open', '3000')).toEqual({ code: 0, said: '' })
    expect(asked[0]).toBe('set server local-3000/here state ready')
    expect(asked.join()).not.toContain('health')
    expect(looks).toBe(3)
  })

  it('shuts at once, and closes once callers know', async () => {
    await answering('admin', () => '\n')
    expect((await readiness('shut', '3000')).code).toBe(0)
    expect(asked).toEqual(['set server local-3000/here state drain'])
    expect((await readiness('close', '3000')).code).toBe(0)
    expect(asked).toHaveLength(3)
  })

  it('trusts what is well, and checks all of it again', async () => {
    await answering('admin', () => `1\n${state(3000, true)}${state(3100, false)}`)
    await readiness('trust')
    await readiness('check')
    expect(asked).toEqual([
      'show servers state',
      'disable health local-3000/here',
      'show servers state',
      'enable health local-3000/here',
      'enable health local-3100/here',
    ])
  })

  it('knows no other word', async () => {
    for (const words of [['judge'], ['open'], ['busy'], ['fix', '3000']])
      expect(await readiness(...words)).toMatchObject({
        said: expect.stringContaining('readiness open|close') as string,
      })
  })
})

describe('watch-server', () => {
  const row = (backend: string, server: string, status: string, waiting = 0, open = 0): string =>
    `${backend},${server},${waiting},0,${open},0,,0,0,0,,0,,0,0,0,0,${status},1\n`
  const watch = (...words: readonly string[]) => run('watch-server', words, { PLACEHOLDER: 'placeholder' })

  it('adds up what is open in all its slots, and counts those that serve beside it', async () => {
    await answering('admin', () =>
      [
        row('app', 'app-1-blue', 'UP 1/2', 1, 2),
        row('app', 'app-1-green', 'DOWN', 0, 4),
        row('app', 'app-10-blue', 'UP', 0, 9),
        row('app', 'placeholder', 'no check'),
        row('other', 'web-1', 'UP'),
      ].join(''),
    )
    expect(await watch('app-1', 'back', '2')).toEqual({ code: 0, said: 'seen 1 7 1\n' })
  })

  it('looks on for a while once nothing goes there', async () => {
    await answering('admin', () => row('web', 'web-1', 'DOWN') + row('web', 'web-2', 'UP'))
    expect(await watch('web-1', 'gone', '5')).toEqual({ code: 0, said: 'seen 0 0 1\n' })
    expect(asked.length).toBe(8)
  })

  it('ends without a word where HAProxy does not run', async () => {
    expect(await watch('web-1', 'gone', '5')).toEqual({ code: 0, said: '' })
  })
})

describe('reload-haproxy', () => {
  const server = (name: string, address: string, port: number, state = 2): string =>
    `3 web 1 ${name} ${address} ${state} 0 1 1 900 6 3 4 6 0 0 0 - ${port} - 0 0 - - 0\n`
  const header = '1\n# be_id be_name srv_id srv_name srv_addr srv_op_state\n'
  const config = ['backend web', '    server web-1 10.0.0.1:80 check', '    server web-2 10.0.0.2:80 check', ''].join(
    '\n',
  )
  const reload = () => {
    writeFileSync(join(folder, 'config'), config)
    const [MASTER, CONFIG, STATE] = ['master', 'config', 'state'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    return run('reload-haproxy', [], { MASTER, CONFIG, STATE })
  }

  it('tells the new worker what is known of the servers that stay, and that a new one is down', async () => {
    let known = ''
    await answering('admin', () => header + server('web-1', '10.0.0.1', 80) + server('web-9', '10.0.0.9', 80))
    await answering('master', () => {
      known = readFileSync(join(folder, 'state'), 'utf8')
      return 'Success=1\n--\n'
    })
    expect(await reload()).toEqual({ code: 0, said: '' })
    const rows = known.split('\n').filter((line) => /^\d+ /.test(line))
    expect(rows.map((line) => line.split(' ').slice(3, 6))).toEqual([
      ['web-1', '10.0.0.1', '2'],
      ['web-2', '10.0.0.2', '0'],
    ])
    expect(() => readFileSync(join(folder, 'state'))).toThrow('ENOENT')
  })

  it('does not believe what was known of a server that has another address now', async () => {
    let known = ''
    await answering('admin', () => header + server('web-1', '10.0.0.8', 80))
    await answering('master', () => {
      known = readFileSync(join(folder, 'state'), 'utf8')
      return 'Success=1\n'
    })
    expect((await reload()).code).toBe(0)
    expect(known).toContain('web-1 10.0.0.1 0 ')
    expect(known).not.toContain('10.0.0.8')
  })

  it('says why HAProxy was not reloaded', async () => {
    await answering('admin', () => header)
    await answering('master', () => 'Success=0\n--\n[ALERT] no such thing\n')
    expect(await reload()).toMatchObject({ code: 1, said: expect.stringContaining('no such thing') as string })
  })

  it('reloads where the worker before does not answer any more', async () => {
    await answering('master', () => 'Success=1\n')
    expect(await reload()).toEqual({ code: 0, said: '' })
    expect(asked).toEqual(['reload'])
  })
})
