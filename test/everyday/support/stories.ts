import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Story } from './run-story.ts'
import type { Shape, Stack } from './stack.ts'

/** A stack, and what happens to it, in this order. */
export interface Setting {
  readonly title: string
  readonly shape: Shape
  readonly stories: readonly Story[]
}

const deploys = (times: number): Story => ({
  name: `${times} deploys in a row`,
  work: async (stack) => {
    const took: string[] = []
    for (let time = 0; time < times; time += 1) took.push(await deployOnce(stack))
    return `each ${took.join(', ')}`
  },
})

/** How long it took on the servers, and with its build. */
async function deployOnce(stack: Stack): Promise<string> {
  await stack.changeApp()
  return tellTime(await stack.run('deploy'))
}

function tellTime({ stdout, stderr, milliseconds }: Awaited<ReturnType<Stack['run']>>): string {
  const onServers = /steps? done in ([\d.]+ s)/.exec(stdout + stderr)?.[1]
  return `${(milliseconds / 1000).toFixed(1)} s${onServers === undefined ? '' : ` (${onServers} on the servers)`}`
}

const rollback: Story = { name: 'a rollback', work: async ({ run }) => tellTime(await run('rollback')) }

const killedDeploy: Story = {
  name: 'a deploy, killed in the middle and run again',
  work: async (stack) => {
    await stack.changeApp()
    await stack.kill('Wave 2 of', 'deploy')
    await stack.run('deploy')
  },
}

/** With another text in a file of the app for as long as `work` takes. */
async function withText(
  { project }: Stack,
  path: string,
  change: (text: string) => string,
  work: () => Promise<void>,
): Promise<void> {
  const file = join(project.folder, path)
  const before = await readFile(file, 'utf8')
  await writeFile(file, change(before))
  await work().finally(() => writeFile(file, before))
}

const neverWell: Story = {
  name: 'a deploy that never becomes well',
  work: (stack) =>
    withText(
      stack,
      'src/app.js',
      (text) => text.replace("return isReady() ? c.text('up\\n')", "return false ? c.text('up\\n')"),
      async () => void (await stack.fail('deploy')),
    ),
}

const failedMigration: Story = {
  name: 'a deploy whose migration fails',
  work: (stack) =>
    withText(
      stack,
      'trimaran.config.ts',
      (text) => text.replace("start: 'node server.js',", "start: 'node server.js',\n    release: 'exit 3',"),
      async () => void (await stack.fail('deploy')),
    ),
}

/** The process ends a minute after it was well, is started again, ends again; then the operator has had enough. */
const crashing: Story = {
  name: 'a release that crashes every minute',
  // What it was working on at that moment: nobody can know whether a write of these was done.
  mayFail: 100,
  work: (stack) =>
    withText(
      stack,
      'server.js',
      (text) => `${text}\nsetTimeout(() => process.kill(process.pid, 'SIGKILL'), 60_000)\n`,
      async () => {
        await stack.run('deploy')
        await sleep(130_000)
        await stack.run('rollback')
      },
    ),
}

const drainEach: Story = {
  name: 'each server drained and put back',
  work: async ({ status, run }) => {
    for (const { name } of (await status()).servers) {
      await run('drain', name)
      await run('undrain', name)
    }
  },
}

const killedDrain: Story = {
  name: 'a drain, killed in the middle and run again',
  work: async (stack) => {
    await stack.kill('Wave 2 of', 'drain', 'app-1')
    await stack.run('drain', 'app-1')
    await stack.run('undrain', 'app-1')
  },
}

const maintenance: Story = {
  name: 'closed and opened, for visitors who are let in',
  work: async ({ run, url }) => {
    await run('maintenance', 'on', '--allow', url.replace(/^http:\/\/(.*)\.\d+$/, '$1.0/24'))
    await sleep(3000)
    await run('maintenance', 'off')
  },
}

const rebootAll: Story = {
  name: 'reboot all, killed once and gone on with',
  work: async (stack) => {
    await stack.kill('well again', 'reboot', 'all')
    await stack.run('reboot')
  },
}

const scale = (tier: string, count: number): Story => ({
  name: `scale ${tier} ${count}`,
  work: async ({ run }) => tellTime(await run('scale', tier, String(count))),
})

const killedScale: Story = {
  name: 'scale app 3, killed in the middle and run again, and back',
  work: async (stack) => {
    await stack.kill('Wave 2 of', 'scale', 'app', '3')
    await stack.run('up')
    await stack.kill('Wave 2 of', 'scale', 'app', '2')
    await stack.run('up')
  },
}

/** What a server was working on when it lost its power, and what was sent there until its neighbours noticed. */
const underWay = 400

/** A server loses its power in the middle of a verb; when it is back, `up` puts it right. */
const powerOff = (what: string, find: (stack: Stack) => Promise<string>, ...words: readonly string[]): Story => ({
  name: `${what} loses power during ${words[0]}`,
  mayFail: underWay,
  work: async (stack) => {
    if (words[0] === 'deploy') await stack.changeApp()
    const server = await find(stack)
    const running = stack.project.start(...words, '--lab', '--yes')
    await running.said('Wave 1 of')
    await stack.power('off', server)
    const { code } = await running.ended
    await stack.power('on', server)
    await stack.run('up')
    if (words[0] === 'drain') await stack.run('undrain', words[1]!)
    return `${words[0]} ended with ${code}`
  },
})

const named = (name: string) => (): Promise<string> => Promise.resolve(name)
const holder = async ({ status }: Stack): Promise<string> => (await status()).balancer.holder!
const primary = async ({ status }: Stack): Promise<string> => (await status()).database.leader!

export const settings: readonly Setting[] = [
  {
    title: 'one app server',
    shape: { title: 'tdayone', counts: { balancer: 2, web: 1, app: 1, database: 1 } },
    stories: [deploys(10), rollback, neverWell, failedMigration, killedDeploy],
  },
  {
    title: 'four app servers',
    shape: { title: 'tdayfour', counts: { balancer: 2, web: 1, app: 4, database: 1 } },
    stories: [deploys(3), rollback],
  },
  {
    title: 'two of each',
    shape: { title: 'tdaytwo', counts: { balancer: 2, web: 2, app: 2, database: 3 }, isPooled: true },
    stories: [
      deploys(10),
      rollback,
      neverWell,
      failedMigration,
      killedDeploy,
      drainEach,
      killedDrain,
      maintenance,
      rebootAll,
      crashing,
      powerOff('an app server', named('app-2'), 'deploy'),
      powerOff('a web server', named('web-2'), 'deploy'),
      powerOff('the balancer with the address', holder, 'deploy'),
      powerOff('the primary', primary, 'deploy'),
      powerOff('the server itself', named('app-1'), 'drain', 'app-1'),
    ],
  },
  {
    title: 'two of each, without a pool',
    shape: { title: 'tdaybare', counts: { balancer: 2, web: 2, app: 2, database: 2 } },
    stories: [drainEach, rebootAll],
  },
  {
    title: 'a stack that grows and shrinks',
    shape: { title: 'tdaygrow', counts: { balancer: 2, web: 1, app: 2, database: 1 }, isPooled: true },
    stories: [
      scale('app', 5),
      scale('app', 2),
      killedScale,
      scale('web', 3),
      scale('web', 1),
      scale('balancer', 3),
      scale('balancer', 2),
      scale('database', 2),
      scale('database', 3),
      scale('database', 1),
    ],
  },
]
