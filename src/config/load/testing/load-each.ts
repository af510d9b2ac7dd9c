// Loads the config of each folder that is named, as the command would, and prints what came of it as JSON. The loader
// is tested in a Node of its own: under vitest, imports are vitest's.
import { TrimaranError } from '../../../errors/failure.ts'
import { renderFailure } from '../../../errors/render-failure.ts'
import { loadConfig } from '../../load-config.ts'

const outcomes = []
for (const folder of process.argv.slice(2)) outcomes.push(await outcomeOf(folder))
process.stdout.write(JSON.stringify(outcomes))

async function outcomeOf(folder: string): Promise<unknown> {
  try {
    const { file, config } = await loadConfig(folder)
    return { file, config }
  } catch (error) {
    if (error instanceof TrimaranError) return { failure: renderFailure(error, { width: 100 }) }
    throw error
  }
}
