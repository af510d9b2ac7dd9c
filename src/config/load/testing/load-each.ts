// Loads the config of each folder that is named, as the command would, and prints what came of it as JSON. The loader
// is tested in a Node of its own: under vitest, imports are vitest's.
import { TrimaranError } from '../../../errors/failure.ts'
import { renderFailure } from '../../../errors/render-failure.ts'
import { loadConfig } from '../../load-config.ts'
import type { Config } from '../../schema.ts'

/** What came of one folder: the file and what it says, or the failure as the user reads it. */
export interface Outcome {
  readonly file?: string
  readonly config?: Config
  readonly failure?: string
}

const outcomes: Outcome[] = []
for (const folder of process.argv.slice(2)) outcomes.push(await outcomeOf(folder))
process.stdout.write(JSON.stringify(outcomes))

async function outcomeOf(folder: string): Promise<Outcome> {
  try {
    const { file, config } = await loadConfig(folder)
    return { file, config }
  } catch (error) {
    if (error instanceof TrimaranError) return { failure: renderFailure(error, { width: 100 }) }
    throw error
  }
}
