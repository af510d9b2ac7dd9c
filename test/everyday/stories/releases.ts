import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { readTimes, type ReleaseTimes, formatTimes } from '../support/release-times.ts'
import type { Story } from '../support/run-story.ts'
import type { Stack } from '../support/stack.ts'

/** Each of a small change to the app's source. */
export const deploys = (times: number): Story => ({
  name: `${times} deploys in a row`,
  work: async (stack) => {
    const took: ReleaseTimes[] = []
    for (let time = 0; time < times; time += 1) {
      await stack.changeApp()
      took.push(await timed(stack, 'deploy'))
    }
    return formatTimes(took)
  },
})

export const rollback: Story = {
  name: 'a rollback',
  work: async (stack) => formatTimes([await timed(stack, 'rollback')]),
}

async function timed({ run }: Stack, verb: 'deploy' | 'rollback', ...words: readonly string[]): Promise<ReleaseTimes> {
  const { stdout, milliseconds } = await run(verb, ...words, '--json')
  return readTimes(stdout, milliseconds)
}

export const anotherEnvironment: Story = {
  name: 'another environment, without a build',
  work: async (stack) => {
    await stack.project.edit("start: 'node server.js',", "start: 'node server.js',\n    env: { GREETING: 'ahoy' },")
    const times = await timed(stack, 'deploy', '--same')
    const { stdout } = await stack.project.trimaran('exec', '--app', '--lab', '--', 'echo "$GREETING"')
    expect(stdout.trim()).toBe('ahoy')
    return formatTimes([times])
  },
}

export const neverWell: Story = {
  name: 'a deploy that never becomes well',
  work: (stack) =>
    stack.withText(
      'src/app.js',
      (text) => text.replace("return isReady() ? c.text('up\\n')", "return false ? c.text('up\\n')"),
      async () => void (await stack.fail('deploy')),
    ),
}

export const failedMigration: Story = {
  name: 'a deploy whose migration fails',
  work: (stack) =>
    stack.withText(
      'trimaran.config.ts',
      (text) => text.replace("start: 'node server.js',", "start: 'node server.js',\n    release: 'exit 3',"),
      async () => void (await stack.fail('deploy')),
    ),
}

/**
 * The process ends a minute after it was well, long after the deploy has; it is started again, and ends again. Then the
 * operator has had enough. What it was working on is lost: nobody can know whether a write of these was done.
 */
export const crashing: Story = {
  name: 'a release that crashes every minute',
  mayFail: { what: 'unrepeatable', seconds: 0.1 },
  work: (stack) =>
    stack.withText(
      'server.js',
      (text) => `${text}\nsetTimeout(() => process.kill(process.pid, 'SIGKILL'), 60_000)\n`,
      async () => {
        await stack.run('deploy')
        await sleep(130_000)
        await stack.run('rollback')
      },
    ),
}

export const killedDeploy: Story = {
  name: 'a deploy, killed in the middle and run again',
  work: async (stack) => {
    await stack.changeApp()
    await stack.kill('Wave 2 of', 'deploy')
    await stack.run('deploy')
  },
}

/** It is to end one release back, not two. */
export const killedRollback: Story = {
  name: 'a rollback, killed in the middle and run again',
  work: async (stack) => {
    await stack.changeApp()
    await stack.run('deploy')
    await stack.kill('Wave 1 of', 'rollback')
    await stack.run('rollback')
    expect(await releasesBack(stack)).toBe(1)
  },
}

async function releasesBack({ project }: Stack): Promise<number> {
  const { stdout } = await project.trimaran('releases', '--lab', '--json')
  const { releases } = JSON.parse(stdout) as { readonly releases: readonly { readonly isCurrent: boolean }[] }
  return releases.findIndex(({ isCurrent }) => isCurrent)
}
