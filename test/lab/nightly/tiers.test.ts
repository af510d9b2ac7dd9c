import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { useLabStack } from '../support/lab-stack.ts'
import type { Project } from '../support/project.ts'

const server = `
import fs from 'node:fs'
import http from 'node:http'
const told = () => JSON.stringify({ host: process.env.DB_HOST, url: process.env.DATABASE_URL?.replace(/:[^:@]*@/, ':***@') })
http.createServer((request, response) => {
  const [, verb, word] = request.url.split('/')
  if (verb === 'up') return response.end('well')
  if (verb === 'migrated') return response.end(fs.readFileSync('storage/inner/migrated.txt'))
  if (verb === 'told') return response.end(told())
  if (verb === 'write') fs.appendFileSync('storage/words.txt', word + '\\n')
  if (verb === 'write' || verb === 'read') return response.end(fs.readFileSync('storage/words.txt'))
  response.statusCode = 404
  response.end('the app knows nothing of it')
}).listen(process.env.LISTEN_ON)
process.on('SIGTERM', () => process.exit(0))
`

const app = (more = '') =>
  `app: { servers: 1, start: 'node server.js', health: '/up', runtime: { node: '24' }, env: { LISTEN_ON: app.port }, ${more} },`

/** The config of a stack with these sections beside its balancer and its web server. */
const write = ({ folder, name }: Project, ...sections: readonly string[]): Promise<void> =>
  writeFile(
    join(folder, 'trimaran.config.ts'),
    `import { app, database, defineStack } from 'trimaran'
export default defineStack({ name: '${name}', balancer: { servers: 1 }, web: { servers: 1, root: 'site' }, ${sections.join('\n')} })
void [app, database]
`,
  )

/** A stack whose tiers come and go. The steps build on one another, in this order. */
describe.skipIf(!labPossible)(`a stack that lacks a tier${whySkipped}`, () => {
  const stack = useLabStack('ttiers', async (project) => {
    await mkdir(join(project.folder, 'site'))
    await mkdir(join(project.folder, 'storage', 'inner'), { recursive: true })
    await writeFile(join(project.folder, 'storage', 'inner', 'seed.txt'), 'seed')
    await writeFile(join(project.folder, 'site', 'index.html'), 'home')
    await writeFile(join(project.folder, 'storage', 'words.txt'), 'shipped\n')
    await writeFile(join(project.folder, 'server.js'), server)
    await write(project)
  })
  const { attempt, expectNothingToDo, run, status } = stack
  const ask = async (path: string): Promise<string> => {
    const answer = await fetch(stack.url + path)
    return `${answer.status} ${await answer.text()}`
  }
  const tiers = async () => new Set((await status()).servers.map(({ tier }) => tier))

  it('serves a site of files alone, and releases it', async () => {
    expect(await ask('/')).toBe('200 home')
    expect(await ask('/nowhere')).toMatch(/^404 /)
    await writeFile(join(stack.project.folder, 'site', 'index.html'), 'second')
    await run('deploy')
    expect(await ask('/')).toBe('200 second')
    await run('rollback')
    expect(await ask('/')).toBe('200 home')
    expect((await status()).state).toBe('well')
    await expectNothingToDo()
    for (const words of [['switchover'], ['scale', 'app', '2']])
      expect((await attempt(...words)).stderr).toMatch(/has no (app|database) tier/)
  })

  it('gets an app, of a release that has one, which keeps what it writes', async () => {
    await write(stack.project, app("writable: ['storage']"))
    await run('up')
    expect(await ask('/told')).toBe('200 {}')
    expect(await ask('/write/first')).toBe('200 shipped\nfirst\n')
    await run('deploy')
    expect(await ask('/read')).toBe('200 shipped\nfirst\n')
    const { stdout } = await stack.project.trimaran('exec', '--lab', '--app', '--', 'cat storage/words.txt')
    expect(stdout).toContain('first')
    await expectNothingToDo()
  })

  it('keeps another folder within the first, which its release command finds filled, and the first one again', async () => {
    const release = "release: 'cp storage/inner/seed.txt storage/inner/migrated.txt'"
    await write(stack.project, app(`writable: ['storage/inner'], ${release}`))
    await run('deploy')
    expect(await ask('/migrated')).toBe('200 seed')
    await write(stack.project, app("writable: ['storage']"))
    await run('deploy')
    expect(await ask('/read')).toBe('200 shipped\nfirst\n')
    await expectNothingToDo()
  })

  it('gets a database, under the names that the app wants', async () => {
    await write(
      stack.project,
      app("writable: ['storage']").replace('app.port', 'app.port, DB_HOST: database.host'),
      'database: { servers: 1 },',
    )
    await run('up')
    expect(await ask('/told')).toBe('200 {"host":"127.0.0.1","url":"postgres://app:***@127.0.0.1:5432/app"}')
    await expectNothingToDo()
  })

  it('keeps the data of a database that left the file, until somebody gives it up', async () => {
    await write(stack.project, app("writable: ['storage']"))
    for (const verb of ['up', 'deploy']) {
      const { code, stderr } = await attempt(verb)
      expect([code, stderr]).toEqual([1, expect.stringContaining('it holds the data, and database has left the file')])
    }
    expect(await ask('/told')).toContain('127.0.0.1')
    await run('up', '--anyway')
    expect(await ask('/told')).toBe('200 {}')
    expect(await ask('/read')).toBe('200 shipped\nfirst\n')
    expect(await tiers()).toEqual(new Set(['balancer', 'web', 'app']))
    await expectNothingToDo()
  })

  it('goes back to files alone', async () => {
    await write(stack.project)
    await run('up')
    expect(await ask('/')).toBe('200 second')
    expect(await ask('/told')).toMatch(/^404 /)
    expect(await tiers()).toEqual(new Set(['balancer', 'web']))
    await expectNothingToDo()
  })
})
