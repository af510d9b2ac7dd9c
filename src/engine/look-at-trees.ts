import { randomBytes } from 'node:crypto'
import type { Blueprint } from '../blueprint/blueprint.ts'
import { TrimaranError } from '../errors/failure.ts'
import { askForTrees, readTrees } from '../observation/ask-trees.ts'
import { type Answer, type Answers, isObservation } from '../observation/observation.ts'
import { factsOf } from '../resources/kinds.ts'
import type { Tree } from '../resources/resource.ts'
import { idleAmong, type TreeFact } from '../resources/tree.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'

export interface LookOptions {
  readonly connect: (server: Server) => Promise<Connection>
}

/** How long a check of a server's trees may take. */
const deadlineSeconds = 60

/**
 * Checks the trees that these blueprints will use and that nothing has used so far: they were not checked when their
 * servers were asked. Where that fails they stay as they are, and are compared with their archive before they are used.
 * @returns the answers, with the facts that were found.
 */
export async function lookAtTrees(
  blueprints: readonly Blueprint[],
  answers: Answers,
  { connect }: LookOptions,
): Promise<Answers> {
  const looked = await Promise.all(
    blueprints.map(async ({ server, parts }): Promise<readonly (readonly [string, Answer])[]> => {
      const answer = answers.get(server.name)
      if (answer === undefined || !isObservation(answer)) return []
      const trees = idleAmong(
        parts.flatMap(({ resources }) => resources),
        factsOf(answer, 'tree'),
      )
      if (trees.length === 0) return []
      const found = await lookOn(server, trees, connect)
      const resources = new Map(answer.resources).set('tree', new Map([...factsOf(answer, 'tree'), ...found]))
      return [[server.name, { ...answer, resources }]]
    }),
  )
  return new Map([...answers, ...looked.flat()])
}

async function lookOn(
  server: Server,
  trees: readonly Tree[],
  connect: LookOptions['connect'],
): Promise<ReadonlyMap<string, TreeFact>> {
  const mark = randomBytes(16).toString('hex')
  try {
    const connection = await connect(server)
    const { stdout } = await connection.run(askForTrees(trees, mark).text, { deadlineSeconds })
    return readTrees(stdout, trees, mark)
  } catch (error) {
    if (!(error instanceof TrimaranError)) throw error
    return new Map()
  }
}
