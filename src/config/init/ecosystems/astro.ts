import type { Ecosystem } from '../draft.ts'
import { adviceFor, buildOr, nodeProject } from '../node-project.ts'
import { trimaran } from '../../../speech/suggested-command.ts'

/** Astro: static files, or a server with the adapter for Node. */
export const astro: Ecosystem = {
  name: 'Astro',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project?.uses('astro') !== true) return undefined
    const config = folder
      .find(/^astro\.config\.\w+$/)
      .map((path) => folder.text(path))
      .join('\n')
    const adapter = /@astrojs\/(node|vercel|netlify|cloudflare|deno)/.exec(config)?.[0]
    const found = {
      kind: 'Astro',
      evidence: adapter ?? 'astro in package.json, without an adapter',
      advice: adviceFor(folder, project),
    }
    const build = buildOr(project, 'astro build')
    const out = /\boutDir:\s*['"](?:\.\/)?([\w./-]+?)\/?['"]/.exec(config)?.[1] ?? 'dist'
    if (adapter === undefined) return { ...found, root: out, site: { build } }
    if (adapter !== '@astrojs/node' || /mode:\s*['"]middleware['"]/.test(config))
      return {
        ...found,
        missing: `${adapter}${adapter === '@astrojs/node' ? " in mode 'middleware'" : ''} makes no server that runs by itself`,
        next: `use @astrojs/node with mode: 'standalone' in astro.config, and run ${trimaran('init')} again`,
      }
    return {
      ...found,
      root: `${out}/client`,
      app: { build, start: `node ${out}/server/entry.mjs`, runtime: project.runtime },
    }
  },
}
