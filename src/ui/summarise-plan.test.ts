import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { planOfTranscript } from '../../test/house/support/transcript.ts'
import { displayWidth } from './display-width.ts'
import { showPlan } from './show-plan.ts'
import { summarisePlan } from './summarise-plan.ts'
import { createTone } from './tone.ts'

const tone = createTone({ isTTY: false }, {})
const transcript = (name: string): string =>
  readFileSync(new URL(`../../test/house/transcripts/${name}.txt`, import.meta.url), 'utf8').split('----------\n')[0]!

it('tells in a few lines what becomes of each server', () => {
  const summary = summarisePlan(planOfTranscript(transcript('one-web-server-more')), { tone, width: 80 })
  expect(summary.replace(/\d+ steps/, 'many steps')).toBe(
    [
      'In short: many steps on 5 servers, in 7 waves',
      '  ↻ reload  app-1, web-1, lb-2 and lb-1  no connection is lost',
      '  + set up  web-2                        is new',
    ].join('\n'),
  )
})

it('fits a screen however many servers there are', () => {
  const plan = planOfTranscript(
    'servers: balancer 2, web 12, app 21, database 5\nwanted: balancer 2, web 40, app 3, database 5\n',
  )
  const lines = summarisePlan(plan, { tone, width: 80 }).split('\n')
  expect(lines.length).toBeLessThan(20)
  expect(lines.filter((line) => displayWidth(line) > 80)).toEqual([])
})

it('shows a plan within the columns of a terminal', () => {
  const shown = showPlan(planOfTranscript(transcript('deploy')), { tone, width: 80 })
  expect(shown.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([])
})
