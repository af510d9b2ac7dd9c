import type { Ecosystem } from '../draft.ts'
import { adviceFor, buildOr, inTurn, nodeProject } from '../node-project.ts'

/** Nuxt: a server that contains all it needs, or static files. */
export const nuxt: Ecosystem = {
  name: 'Nuxt',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project?.uses('nuxt') !== true) return undefined
    const config = folder
      .find(/^nuxt\.config\.\w+$/)
      .map((path) => folder.text(path))
      .join('\n')
    const found = { kind: 'Nuxt', evidence: 'nuxt in package.json', advice: adviceFor(folder, project) }
    const isStatic =
      /generate|--prerender/.test(project.scripts['build'] ?? '') || /preset:\s*['"]static['"]/.test(config)
    const build = buildOr(project, isStatic ? 'nuxt generate' : 'nuxt build')
    if (isStatic) return { ...found, root: '.output/public', site: { build, fallback: '200.html' } }
    return {
      ...found,
      root: '.output/public',
      comments: { build: '.output contains all that the server needs.' },
      app: {
        build: inTurn(build, 'rm -rf node_modules'),
        start: 'node .output/server/index.mjs',
        runtime: project.runtime,
      },
    }
  },
}
