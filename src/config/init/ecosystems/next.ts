import type { Ecosystem } from '../draft.ts'
import { adviceFor, buildOr, inTurn, nodeProject } from '../node-project.ts'
import { startScript } from '../start-script.ts'

const collect = 'mkdir -p webroot/_next && cp -r .next/static webroot/_next/'

/** Next.js, with a server of its own, as a standalone folder, or as an export of static files. */
export const next: Ecosystem = {
  name: 'Next.js',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project?.uses('next') !== true) return undefined
    const config = folder
      .find(/^next\.config\.\w+$/)
      .map((path) => folder.text(path))
      .join('\n')
    const [, output] = /output:\s*['"](export|standalone)['"]/.exec(config) ?? []
    const found = { kind: 'Next.js', evidence: 'next in package.json', advice: adviceFor(folder, project) }
    const build = buildOr(project, 'next build')
    if (output === 'export')
      return { ...found, evidence: "output: 'export' in next.config", root: 'out', site: { build } }
    const pages = folder.has('public') ? 'cp -r public/. webroot/' : undefined
    const custom = startScript(project, 'start')?.start
    const isStandalone = output === 'standalone'
    return {
      ...found,
      ...(isStandalone && { evidence: "output: 'standalone' in next.config" }),
      root: 'webroot',
      comments: {
        build: 'Web servers serve what lies below /_next/static/ themselves, also for pages of older releases.',
      },
      app: {
        build: isStandalone
          ? inTurn(build, collect, pages, pages && 'cp -r public .next/standalone/', 'rm -rf node_modules')
          : inTurn(build, collect, pages),
        start: isStandalone
          ? 'node .next/standalone/server.js'
          : custom?.startsWith('node ') === true
            ? custom
            : 'next start',
        runtime: project.runtime,
        writable: [isStandalone ? '.next/standalone/.next/cache' : '.next/cache'],
      },
    }
  },
}
