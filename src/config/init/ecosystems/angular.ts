import { adviceFor, buildOr, nodeProject } from '../node-project.ts'
import type { Ecosystem } from '../draft.ts'
import { isObject, parseObject } from '../parse-object.ts'

/** Angular, with a server (`@angular/ssr`) or without. */
export const angular: Ecosystem = {
  name: 'Angular',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project?.uses('@angular/core') !== true || !folder.has('angular.json')) return undefined
    const projects = parseObject(folder.text('angular.json'))?.['projects']
    const name = Object.keys(isObject(projects) ? projects : {})[0] ?? project.name ?? folder.name
    const found = {
      kind: 'Angular',
      evidence: 'angular.json',
      advice: adviceFor(folder, project),
      root: `dist/${name}/browser`,
    }
    const build = buildOr(project, 'ng build')
    if (!project.uses('@angular/ssr')) return { ...found, site: { build, fallback: 'index.html' } }
    return { ...found, app: { build, start: `node dist/${name}/server/server.mjs`, runtime: project.runtime } }
  },
}
