import type { TierName } from '../../../src/stack/stack.ts'
import type { Story } from '../support/run-story.ts'

export const scale = (tier: TierName, count: number): Story => ({
  name: `scale ${tier} ${count}`,
  work: async ({ run }) => {
    const { milliseconds } = await run('scale', tier, String(count))
    return `whole ${(milliseconds / 1000).toFixed(1)} s`
  },
})

/** There and back, each killed in the middle; `up` goes on with it. */
export const killedScale = (tier: TierName, there: number, back: number): Story => ({
  name: `scale ${tier} ${there}, killed in the middle and run again, and back to ${back} likewise`,
  work: async (stack) => {
    for (const count of [there, back]) {
      await stack.kill('Wave 2 of', 'scale', tier, String(count))
      await stack.run('up')
    }
  },
})
