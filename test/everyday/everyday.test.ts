import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab/lab-possible.ts'
import { allowanceOf, type Outcome, runStory } from './support/run-story.ts'
import { type Setting, settings } from './support/settings.ts'
import { makeStack, type Stack } from './support/stack.ts'
import { formatOutcomes } from './support/format-outcomes.ts'

/**
 * What operators do on any day, each under a constant load of visitors, who must not notice. `STORIES=drain npm run
 * test:everyday` runs those whose name matches; `RATE=50` sends fewer requests a second than the usual 200.
 */
for (const setting of settings) live(setting)

function live({ title, shape, stories }: Setting): void {
  const wanted = new RegExp(process.env['STORIES'] ?? '.')
  const chosen = stories.filter(({ name }) => wanted.test(`${title}: ${name}`))
  describe.skipIf(!labPossible || chosen.length === 0)(`${title}${whySkipped}`, () => {
    let stack: Stack
    const outcomes: Outcome[] = []

    beforeAll(async () => {
      stack = await makeStack(shape)
    })
    afterAll(async () => {
      process.stdout.write(`\n${title}\n${formatOutcomes(outcomes)}\n`)
      await stack?.remove()
    })

    it.for(chosen)('$name', { timeout: 900_000 }, async (story, { onTestFailed }) => {
      onTestFailed(() => stack.repair())
      const outcome = await runStory(stack, story)
      outcomes.push(outcome)
      process.stdout.write(`\n${formatOutcomes([outcome])}\n`)
      const { report, lost, mishap } = outcome
      if (mishap !== undefined) throw mishap
      expect(lost, 'writes that were acknowledged and are gone').toEqual([])
      expect(report.wrong, report.sentence).toBe(0)
      expect(report.failed, report.sentence).toBeLessThanOrEqual(allowanceOf(story).failed)
      expect(report.failedRepeatable, report.sentence).toBeLessThanOrEqual(allowanceOf(story).repeatable)
      await stack.expectWhole()
    })
  })
}
