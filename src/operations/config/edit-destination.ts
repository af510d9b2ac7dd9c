import { type DestinationObstacle, rewriteDestination } from '../../config/rewrite-destination.ts'
import { failure } from '../../errors/failure.ts'
import type { Server } from '../../stack/stack.ts'
import { editConfig, type EditedConfig } from './edit-config.ts'
import type { Project } from '../session/session.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/**
 * Replaces the SSH destination of a server in the config. @throws TRI-REPLACE-003 where the file must be edited by
 * hand; TRI-CONFIG-003 where it is not allowed
 */
export async function editDestination(
  project: Project,
  { name, tier, index }: Pick<Server, 'name' | 'tier' | 'index'>,
  destination: string,
): Promise<EditedConfig> {
  const { config } = project
  const { servers } = config[tier]
  const state = 'nothing was changed'
  const next = `write ${destination} there, then run ${trimaran(`replace ${name}`)}`
  return await editConfig(project, {
    rewrite: (text) => rewriteDestination(text, tier, index - 1, destination),
    wanted: {
      ...config,
      [tier]: {
        ...config[tier],
        servers:
          typeof servers === 'number'
            ? servers
            : servers.map((one, position) => (position === index - 1 ? { ...one, ssh: destination } : one)),
      },
    },
    notWritable: (obstacle, where) =>
      failure('TRI-REPLACE-003', { what: whats[obstacle](name), where, why: whys[obstacle], state, next }),
    meansMore: (where) =>
      failure('TRI-REPLACE-003', {
        what: `The destination of ${name} cannot be changed automatically`,
        where,
        why: 'another destination there would change other settings of the file, too',
        state,
        next,
      }),
  })
}

const whats: Readonly<Record<DestinationObstacle, (name: string) => string>> = {
  'is computed': (name) => `The destination of ${name} is not written out`,
  'states its address': (name) => `${name} has its address stated`,
}
const whys: Readonly<Record<DestinationObstacle, string>> = {
  'is computed': 'it is computed, and Trimaran cannot tell from what',
  'states its address': 'another machine has another address, which Trimaran cannot know',
}
