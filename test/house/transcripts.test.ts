import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { playTranscript } from './support/transcript.ts'

/**
 * What an operator reads of a plan: what the servers say, a change, `----------`, the plan as shown. With the real
 * components, through blueprint, plan, preflight and view. The words of the upper half are in `support/transcript.ts`.
 */
const folder = join(import.meta.dirname, 'transcripts')
const line = '----------\n'

it.each(readdirSync(folder))('%s', async (name) => {
  const file = join(folder, name)
  const [input = ''] = readFileSync(file, 'utf8').split(line)
  await expect(`${input}${line}${playTranscript(input)}`).toMatchFileSnapshot(file)
})
