import { checkCommand } from '../values/text.ts'
import type { NodeProject } from './node-project.ts'

export interface StartCommand {
  readonly start: string
  /** Whether it needs a package that npm installs for development alone. */
  readonly devDependencies?: true
}

/** Programs that run what they are given again when a file changes: of no use on a server. */
const watchers = /^(?:nodemon|node-dev|npx nodemon)\s+(?:--\S+\s+)*/

/**
 * The command of an npm script, without npm where that is certain to be the same: it saves a process, and SIGTERM reaches the
 * app. NODE_ENV is set on servers anyway.
 */
export function startScript(project: NodeProject, name: string): StartCommand | undefined {
  const script = project.scripts[name]?.trim()
  if (script === undefined || checkCommand(script) !== undefined) return undefined
  const plain = script
    .replace(/^(?:npx\s+)?cross-env\s+/, '')
    .replace(/^NODE_ENV=production\s+/, '')
    .replace(watchers, 'node ')
  const [program = ''] = plain.split(' ')
  const dev = project.devDependencies.has(program) ? { devDependencies: true as const } : {}
  if (/^[\w-]+(\s+[\w@%+=:,./-]+)*$/.test(plain) && (program === 'node' || project.uses(program)))
    return { start: plain, ...dev }
  return { start: name === 'start' ? 'npm start' : `npm run ${name}` }
}
