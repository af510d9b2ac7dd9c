import type { RenderContext } from '../component.ts'
import { placedByTrimaran } from '../placed.ts'
import { commonVariables } from './variables.ts'

/**
 * The app's environment, for `/etc/trimaran/app.env`. Variables from components win over those of the config, and these over what
 * is usual. systemd reads this file after the unit: a usual value here would win over one with the port of a copy in it.
 */
export function renderEnvironment(context: RenderContext): string {
  const { stack, server, appSecrets, appVariables } = context
  const { env } = stack.declared.app
  const usual = Object.entries({ NODE_ENV: 'production', HOST: '0.0.0.0' }).filter(
    ([name]) => !Object.hasOwn(env, name),
  )
  const own = { ...Object.fromEntries(usual), TRIMARAN_SERVER: server.name }
  const given = Object.assign({}, ...appVariables.map(({ values }) => values)) as Record<string, string>
  const comments = appVariables.flatMap(({ comment }) => comment ?? [])
  return writeEnvironment(comments, { ...own, ...commonVariables(context), ...appSecrets, ...given })
}

/**
 * Writes an environment file such that systemd reads exactly these values: within double quotes it unescapes `"`, `\\`,
 * `` ` `` and `$`, and nothing else; line breaks stay (systemd.exec(5), EnvironmentFile=).
 */
export function writeEnvironment(comments: readonly string[], variables: Readonly<Record<string, string>>): string {
  const rows = Object.entries(variables).map(
    ([name, value]) => `${name}="${value.replaceAll(/["\\`$]/g, String.raw`\$&`)}"`,
  )
  return `${[placedByTrimaran, ...comments.map((comment) => `# ${comment}`), ...rows].join('\n')}\n`
}
