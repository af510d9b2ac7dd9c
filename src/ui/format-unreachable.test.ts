import { expect, it } from 'vitest'
import { formatUnreachable } from './format-unreachable.ts'
import { createTone } from './tone.ts'

it('says what they may do until they are told', () => {
  const said = formatUnreachable(['app-2', 'web-1'], ['app-2'], createTone({ isTTY: false }, {})).split('\n')
  expect(said).toEqual([
    expect.stringMatching(/^! app-2 did not answer: .*nothing is sent there/),
    expect.stringMatching(/^! web-1 did not answer: .*what ran last is served there/),
  ])
})
