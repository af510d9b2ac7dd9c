import type { Ecosystem } from '../draft.ts'
import { adviceFor, buildOr, nodeProject } from '../node-project.ts'
import { startScript } from '../start-script.ts'

/** React Router as a framework, and Remix, which it was before. */
export const reactRouter: Ecosystem = {
  name: 'React Router and Remix',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project === undefined) return undefined
    const kind = project.uses('@react-router/dev')
      ? 'React Router'
      : project.uses('@remix-run/dev')
        ? 'Remix'
        : undefined
    if (kind === undefined) return undefined
    const config = folder
      .find(/^(?:react-router|vite|remix)\.config\.\w+$/)
      .map((path) => folder.text(path))
      .join('\n')
    const serve = kind === 'Remix' ? 'remix-serve' : 'react-router-serve'
    const evidence = kind === 'Remix' ? '@remix-run/dev' : '@react-router/dev'
    const found = { kind, evidence: `${evidence} in package.json`, advice: adviceFor(folder, project) }
    const isClassic = kind === 'Remix' && !project.uses('vite')
    const builder = kind === 'React Router' ? 'react-router build' : isClassic ? 'remix build' : 'remix vite:build'
    const build = buildOr(project, builder)
    if (/\bssr:\s*false/.test(config))
      return { ...found, root: 'build/client', site: { build, fallback: 'index.html' } }
    const start = startScript(project, 'start')?.start
    return {
      ...found,
      root: isClassic ? 'public' : 'build/client',
      app: {
        build,
        start:
          start === undefined || start === 'npm start'
            ? `${serve} ./build/${isClassic ? '' : 'server/'}index.js`
            : start,
        runtime: project.runtime,
      },
    }
  },
}
