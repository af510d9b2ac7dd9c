import type { TierName } from '../../../src/stack/stack.ts'
import type { Story } from '../support/run-story.ts'

export const scale = (tier: TierName, count: number): Story => ({
  name: `scale ${tier} ${count}`,
  work: async ({ run }) => {
    const { milliseconds } = await run('scale', tier, String(count))
    return `whole ${(milliseconds / 1000).toFixed(1)} s`
  },
})

export const killedScale: Story = {
  name: 'scale app 3, killed in the middle and run again, and back',
  work: async (stack) => {
    await stack.kill('Wave 2 of', 'scale', 'app', '3')
    await stack.run('up')
    await stack.kill('Wave 2 of', 'scale', 'app', '2')
    await stack.run('up')
  },
}
