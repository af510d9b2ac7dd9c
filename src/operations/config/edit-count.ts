import { type CountObstacle, rewriteCount } from '../../config/rewrite-count.ts'
import type { Config } from '../../config/schema.ts'
import { failure } from '../../errors/failure.ts'
import type { TierName } from '../../stack/stack.ts'
import { editConfig, type EditedConfig, unedited } from './edit-config.ts'
import type { Project } from '../session/session.ts'
import { trimaran } from '../../speech/suggested-command.ts'

export interface EditedCount extends EditedConfig {
  readonly before: number
}

/**
 * Writes the number of servers of a tier into the config.
 * @throws TRI-SCALE-001 where the file must be edited by hand; TRI-CONFIG-003 where the number is not allowed.
 */
export async function editCount(project: Project, tier: TierName, count: number): Promise<EditedCount> {
  const { config } = project
  const { servers } = config[tier]
  const before = countOf(config, tier)
  if (before === count) return { ...unedited, before }
  const edited = await editConfig(project, {
    rewrite: (text) => rewriteCount(text, tier, count),
    wanted: {
      ...config,
      [tier]: { ...config[tier], servers: Array.isArray(servers) ? servers.slice(0, count) : count },
    },
    notWritable: (obstacle, where) =>
      failure('TRI-SCALE-001', {
        what: whats[obstacle](tier, count),
        where,
        why: whys[obstacle],
        state: 'nothing was changed',
        next: nexts[obstacle](tier, count),
      }),
    meansMore: (where) =>
      failure('TRI-SCALE-001', {
        what: `${tier}.servers cannot be changed automatically`,
        where,
        why: 'another number there would change other settings of the file, too',
        state: 'the file is as it was, and nothing was changed on any server',
        next: `set it to ${count} in the file, look at what else changes, and run ${trimaran('up')}`,
      }),
  })
  return { ...edited, before }
}

const countOf = (config: Config, tier: TierName): number => {
  const { servers } = config[tier]
  return typeof servers === 'number' ? servers : servers.length
}

const whats: Readonly<Record<CountObstacle, (tier: TierName, count: number) => string>> = {
  'must be named': (tier, count) => `${tier} cannot have ${count} servers before you name them`,
  'is computed': (tier) => `${tier}.servers is not written as a plain number or list`,
}
const whys: Readonly<Record<CountObstacle, string>> = {
  'must be named': 'each server is named by its SSH destination, and Trimaran cannot know that of a new one',
  'is computed': 'the number is computed, and Trimaran cannot tell from what',
}
const nexts: Readonly<Record<CountObstacle, (tier: TierName, count: number) => string>> = {
  'must be named': (tier, count) =>
    `add SSH destinations to that list until it has ${count}, then run ${trimaran(`scale ${tier} ${count}`)} again, or ${trimaran('up')}`,
  'is computed': (tier, count) => `change the file so that ${tier} has ${count}, then run ${trimaran('up')}`,
}
