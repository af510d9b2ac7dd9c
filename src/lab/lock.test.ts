import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { withLock } from './lock.ts'
import { runFolder } from './paths.ts'

const name = `trial-${process.pid}`

afterAll(() => rm(join(runFolder, `${name}.lock`), { force: true }))

it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'lets one after the other in, and says who is inside',
  async () => {
    const story: string[] = []
    const entered = Promise.withResolvers<void>()
    const secondWaits = Promise.withResolvers<void>()
    const first = withLock(
      name,
      () => {},
      async () => {
        story.push('first in')
        entered.resolve()
        await secondWaits.promise
        story.push('first out')
      },
    )
    await entered.promise
    await withLock(
      name,
      (owner) => {
        story.push(`second waits for ${owner.replace(/since .*/, '')}`)
        secondWaits.resolve()
      },
      async () => {
        story.push('second in')
      },
    )
    await first
    expect(story).toEqual(['first in', `second waits for pid ${process.pid} `, 'first out', 'second in'])
  },
)
