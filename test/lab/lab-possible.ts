import { describe } from 'vitest'
import { missingRequirements } from '../../src/lab/index.ts'

/** What keeps this computer from holding a lab, in one line; undefined when nothing does. */
export async function whyNoLab(): Promise<string | undefined> {
  const missing = await missingRequirements()
  return missing.length === 0
    ? undefined
    : `no lab on this computer: ${missing.map(({ what }) => what).join(', ')} missing`
}

const reason = await whyNoLab()

/** A `describe` for tests that boot real servers. Where that cannot be, they are shown as skipped, with the reason. */
export const describeLab = (title: string, tests: () => void): void => {
  if (reason === undefined) describe(title, tests)
  else describe.skip(`${title} (${reason})`, tests)
}
