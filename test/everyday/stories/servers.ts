import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { newerEnding, offerNewerPackages } from '../support/newer-packages.ts'
import type { Story } from '../support/run-story.ts'
import type { Stack } from '../support/stack.ts'

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
  name: 'a drain and an undrain, killed in the middle and run again',
  work: async (stack) => {
    await stack.kill('Wave 2 of', 'drain', 'app-1')
    await stack.run('drain', 'app-1')
    await stack.kill('Wave 1 of', 'undrain', 'app-1')
    await stack.run('undrain', 'app-1')
  },
}

const letIn = ({ url }: Stack): readonly string[] => ['--allow', url.replace(/^http:\/\/(.*)\.\d+$/, '$1.0/24')]

export const maintenance: Story = {
  name: 'closed and opened, for visitors who are let in',
  work: async (stack) => {
    await stack.run('maintenance', 'on', ...letIn(stack))
    await sleep(3000)
    await stack.run('maintenance', 'off')
  },
}

export const killedMaintenance: Story = {
  name: 'the same, killed in the middle and run again',
  work: async (stack) => {
    await stack.kill('Wave 1 of', 'maintenance', 'on', ...letIn(stack))
    await stack.run('maintenance', 'on', ...letIn(stack))
    await stack.kill('Wave 1 of', 'maintenance', 'off')
    await stack.run('maintenance', 'off')
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

/** Killed between two servers. */
export const upgradeAll: Story = {
  name: 'upgrade all, killed once and gone on with',
  prepare: offerNewerPackages,
  work: async (stack) => {
    await stack.kill('back in service  ', 'upgrade', 'all')
    await stack.run('upgrade')
    await expectUpgraded(stack)
  },
}

/** Every server has a newer OpenSSL now, and nothing runs with the old one. */
async function expectUpgraded({ project, status }: Stack): Promise<void> {
  const look = `dpkg-query -W -f '\${Version}\n' libssl3t64; grep -l 'libssl.*(deleted)' /proc/[0-9]*/maps 2>/dev/null || true`
  for (const { name } of (await status()).servers) {
    const { stdout } = await project.trimaran('exec', name, '--lab', '--', look)
    expect(stdout.trim(), name).toMatch(new RegExp(`^[^\n]+\\${newerEnding}$`))
  }
}
