import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeProject, type Project } from '../support/project.ts'

const secret = 's3ss/ion+key="quoted"'
/** Says of itself what it likes: moves the cursor, turns letters around, and writes a line as nginx would. */
const forging = String.raw`
  const { execFile } = require('node:child_process')
  require('node:http').createServer((_, answer) => answer.end('well')).listen(process.env.PORT, '0.0.0.0')
  console.log('\u001b[2J\u001b[H\r\u001b[32mforged: all is well\u001b[0m \u009b2J \u202egnp.exe')
  console.log('given', process.env.SESSION_KEY, process.env.DATABASE_URL)
  execFile('logger', ['-t', 'nginx', 'forged: status=200'], () => {})
`
const leaking = `console.log(process.env); console.log(JSON.stringify(process.env)); process.exit(1)`

describe.skipIf(!labPossible)(`what the operator is told${whySkipped}`, () => {
  let project: Project
  const run = (verb: string, ...words: readonly string[]) => project.trimaran(verb, '--lab', ...words)

  beforeAll(async () => {
    project = await makeProject('tsaid')
    await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
    await project.edit("build: 'npm ci && node build.js',", "secrets: ['SESSION_KEY'],")
    await project.edit("runtime: { node: '24' }", "runtime: { packages: ['nodejs'] }")
    await project.edit("start: 'node server.js'", "start: 'node app.cjs'")
    await writeFile(join(project.folder, '.env'), `SESSION_KEY='${secret}'\n`)
    await writeFile(join(project.folder, 'app.cjs'), forging)
    const { code, stdout, stderr } = await run('up', '--yes')
    if (code !== 0) throw new Error(`up ended with ${code}: ${stdout}${stderr}`)
  })
  afterAll(() => project?.remove())

  it('spells out what would act on the terminal, and calls each line by the unit that wrote it', async () => {
    const { stdout } = await run('logs', 'app')
    expect(stdout).toContain(String.raw`app        \x1b[2J\x1b[H\x0dforged: all is well \x9b2J \u202egnp.exe`)
    expect(stdout).toContain('app        given *** postgres://app:***@127.0.0.1')
    const lines = stdout.split('\n').filter((line) => line.includes('forged: status=200'))
    for (const line of lines) expect(line.split(/\s+/)[2]).toBe('app')
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/)
  })

  it('says no secret when a release prints all it has and ends, on no stream and in no file', async () => {
    await writeFile(join(project.folder, 'app.cjs'), leaking)
    const said = [await run('deploy', '--yes'), await run('deploy', '--yes', '--json'), await run('logs', 'app')]
    expect(said.map(({ code }) => code)).toEqual([1, 1, 0])
    const exec = await run('exec', '--app', '--', 'env')
    const url = (await run('exec', '--app', '--raw', '--', 'echo "$DATABASE_URL"')).stdout.trim()
    const [, password = ''] = /^postgres:\/\/app:(\w{32})@/.exec(url) ?? []
    expect(password).toHaveLength(32)
    const folder = join(project.folder, '.trimaran')
    const files = (await readdir(folder, { recursive: true })).filter((path) => /\.jsonl?$/.test(path))
    const written = await Promise.all(files.map((path) => readFile(join(folder, path), 'utf8')))
    const all = [...said.flatMap(({ stdout, stderr }) => [stdout, stderr]), exec.stdout, ...written].join('\n')
    expect(all).toContain('SESSION_KEY')
    for (const one of [secret, JSON.stringify(secret).slice(1, -1), password]) expect(all).not.toContain(one)
    expect(((await stat(folder)).mode & 0o777).toString(8)).toBe('700')
  })

  it('notes what was run on a server, without what is secret in it', async () => {
    await run('exec', 'db-1', '--', `true ${secret} --password=other-secret`)
    await run('psql', '--', '-c', `select 1 -- password 'third-secret'`)
    const { stdout } = await run('history')
    expect(stdout).toContain('exec true *** --password=***')
    expect(stdout).toContain('psql -c select 1 -- password ***')
    expect(stdout).not.toContain('-secret')
  })
})
