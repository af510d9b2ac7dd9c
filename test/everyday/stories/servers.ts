import { setTimeout as sleep } from 'node:timers/promises'
import type { Story } from '../support/run-story.ts'

/** What visitors see of the machine that all this runs on, before anything happens. */
export const undisturbed: Story = { name: 'nothing, for 15 s', work: () => sleep(15_000) }

/** The primary and the balancer with the address among them. */
export const drainEach: Story = {
  name: 'each server drained and put back',
  work: async ({ status, run }) => {
    for (const { name } of (await status()).servers) {
      await run('drain', name)
      await run('undrain', name)
    }
  },
}

export const killedDrain: Story = {
  name: 'a drain, killed in the middle and run again',
  work: async (stack) => {
    await stack.kill('Wave 2 of', 'drain', 'app-1')
    await stack.run('drain', 'app-1')
    await stack.run('undrain', 'app-1')
  },
}

export const maintenance: Story = {
  name: 'closed and opened, for visitors who are let in',
  work: async ({ run, url }) => {
    await run('maintenance', 'on', '--allow', url.replace(/^http:\/\/(.*)\.\d+$/, '$1.0/24'))
    await sleep(3000)
    await run('maintenance', 'off')
  },
}

/** Killed where the first server has booted and is well, and is not back in service. */
export const rebootAll: Story = {
  name: 'reboot all, killed once and gone on with',
  work: async (stack) => {
    await stack.kill('well again', 'reboot', 'all')
    await stack.run('reboot')
  },
}
