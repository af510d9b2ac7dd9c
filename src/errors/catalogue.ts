import { changeFailures } from './catalogue/change.ts'
import { commandLineFailures } from './catalogue/command-line.ts'
import { configFailures } from './catalogue/config.ts'
import { connectionFailures } from './catalogue/connection.ts'
import { databaseFailures } from './catalogue/database.ts'
import { followFailures } from './catalogue/follow.ts'
import { importFailures } from './catalogue/import.ts'
import { labFailures } from './catalogue/lab.ts'
import { releaseFailures } from './catalogue/release.ts'
import { rollingFailures } from './catalogue/rolling.ts'

/**
 * Every failure that Trimaran can report, in the order of the reference (`docs/reference/errors.md`, which is generated from
 * it). A new one goes into the file of its prefix in `catalogue/`.
 */
export const catalogue = {
  ...configFailures,
  ...commandLineFailures,
  ...connectionFailures,
  ...labFailures,
  ...changeFailures,
  ...releaseFailures,
  ...rollingFailures,
  ...databaseFailures,
  ...importFailures,
  ...followFailures,
}

export type FailureCode = keyof typeof catalogue
