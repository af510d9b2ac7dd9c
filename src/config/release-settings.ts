import { createHash } from 'node:crypto'
import { buildSettings } from './build-settings.ts'
import type { Config } from './schema.ts'

/**
 * The settings that a release is made for, by their names in the file, each as a short digest: they are told to servers, and a
 * command may have a word in it that they need not know. `start` and what else runs a release is among them: a release may lack
 * what it needs.
 */
export function releaseSettings(config: Pick<Config, 'app' | 'web'>): Readonly<Record<string, string>> {
  const { app, web } = config
  const { section, source, build, include } = buildSettings(config)
  const values: Readonly<Record<string, unknown>> = {
    [`${section}.source`]: source,
    [`${section}.build`]: build,
    [`${section}.include`]: include,
    'web.root': web.root,
    ...(section === 'app' && {
      'app.devDependencies': app.devDependencies,
      'app.release': app.release,
      'app.runtime.node': app.runtime?.node,
      'app.start': app.start,
      'app.processes': Object.entries(app.processes).map(([name, { start }]) => [name, start]),
      'app.writable': app.writable,
    }),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digestOf(value)]))
}

/** Settings of those that `up` brings to the release that is there, whether it fits them or not. */
export const runningSettings: readonly string[] = ['app.runtime.node', 'app.start', 'app.processes', 'app.writable']

const digestOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex')
    .slice(0, 12)
