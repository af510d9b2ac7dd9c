import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { loadConfig } from '../config/load-config.ts'
import { type Obstacle, type Rewritten, rewriteCount } from '../config/rewrite-count.ts'
import type { Config } from '../config/schema.ts'
import { failure } from '../errors/failure.ts'
import type { TierName } from '../stack/stack.ts'
import type { Project } from './session.ts'

/** A config file that says another number of servers now, and can say the old one again. */
export interface EditedCount {
  /** `trimaran.config.ts:12`, seen from here; absent where the file said so already. */
  readonly where?: string
  readonly before: number
  /** From here on the file stays as it is. */
  readonly keep: () => void
  /** Puts the file back, unless somebody else has written to it since. */
  readonly putBack: () => void
}

/**
 * Writes into the config how many servers a tier is to have, and proves that it says so. Until `keep` is called the file
 * is put back even where the command is ended by Ctrl-C.
 * @throws TRI-SCALE-001 where only the author of the file can write it; TRI-CONFIG-003 where the config allows no such number.
 */
export async function editCount(project: Project, tier: TierName, count: number): Promise<EditedCount> {
  const { config, file } = project
  const before = countOf(config, tier)
  if (before === count) return { before, keep: () => {}, putBack: () => {} }
  const old = readFileSync(file, 'utf8')
  const rewritten = rewriteCount(old, tier, count)
  if (!('text' in rewritten)) throw notWritable(project, tier, count, rewritten)
  const { text, position } = rewritten
  const putBack = (): void => {
    process.off('exit', putBack)
    if (readFileSync(file, 'utf8') === text) writeFileSync(file, old)
  }
  process.on('exit', putBack)
  writeFileSync(file, text)
  try {
    await prove(project, tier, count)
  } catch (error) {
    putBack()
    throw error
  }
  return { where: placeOf(file, position), before, keep: () => void process.off('exit', putBack), putBack }
}

export const countOf = (config: Config, tier: TierName): number => {
  const { servers } = config[tier]
  return typeof servers === 'number' ? servers : servers.length
}

/** What the file says is only known by running it: the tier has the number now, and nothing else has changed. */
async function prove({ config, file, folder }: Project, tier: TierName, count: number): Promise<void> {
  const now = (await loadConfig(folder, { file })).config
  const { servers } = config[tier]
  const wanted = {
    ...config,
    [tier]: { ...config[tier], servers: Array.isArray(servers) ? servers.slice(0, count) : count },
  }
  if (isDeepStrictEqual(now, wanted)) return
  throw failure('TRI-SCALE-001', {
    what: `${tier}.servers cannot be changed by itself`,
    where: shown(file),
    why: 'with another number there the file says something else in other places, too',
    state: 'the file is as it was, and nothing was changed on any server',
    next: `set it to ${count} in the file, look at what else changes, and run \`trimaran up\``,
  })
}

function notWritable({ file }: Project, tier: TierName, count: number, { obstacle, position, line }: Obstacles) {
  return failure('TRI-SCALE-001', {
    what: whats[obstacle](tier, count),
    where: position === undefined ? shown(file) : `${placeOf(file, position)}${line === undefined ? '' : `  ${line}`}`,
    why: whys[obstacle],
    state: 'nothing was changed',
    next: nexts[obstacle](tier, count),
  })
}

type Obstacles = Exclude<Rewritten, { readonly text: string }>

const whats: Readonly<Record<Obstacle, (tier: TierName, count: number) => string>> = {
  'must be named': (tier, count) => `${tier} cannot have ${count} servers before you name them`,
  'is computed': (tier) => `${tier}.servers is not written as a plain number or list`,
}
const whys: Readonly<Record<Obstacle, string>> = {
  'must be named': 'each server is named by its SSH destination, and no program can know where a new one is',
  'is computed': 'only whoever wrote the file can say where the number comes from',
}
const nexts: Readonly<Record<Obstacle, (tier: TierName, count: number) => string>> = {
  'must be named': (tier, count) =>
    `add SSH destinations to that list until it has ${count}, then run \`trimaran scale ${tier} ${count}\` again, or \`trimaran up\``,
  'is computed': (tier, count) => `change the file so that ${tier} has ${count}, then run \`trimaran up\``,
}

const placeOf = (file: string, { line }: { readonly line: number }): string => `${shown(file)}:${line}`
const shown = (file: string): string => relative(process.cwd(), file) || file
