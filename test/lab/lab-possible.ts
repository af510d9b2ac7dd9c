import { missingRequirements } from '../../src/lab/index.ts'

const missing = await missingRequirements()

/** Whether this computer can hold a lab: ``describe.skipIf(!labPossible)(`a lab${whySkipped}`, …)``. */
export const labPossible = missing.length === 0

/** Ends the title of a suite that is skipped, so that the report says why; empty where it runs. */
export const whySkipped = labPossible ? '' : ` (skipped: lacks ${missing.map(({ what }) => what).join(', ')})`
