import { adviceFor, inTurn, nodeProject } from '../node-project.ts'
import { isObject, parseObject } from '../parse-object.ts'
import type { Folder } from '../folder.ts'
import type { Ecosystem } from '../draft.ts'

/** An Nx workspace whose apps have a project.json and share one package.json. */
export const nx: Ecosystem = {
  name: 'Nx',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    const apps = folder.has('nx.json')
      ? folder.find(/^apps\/[^/]+\/project\.json$/).flatMap((path) => read(folder, path))
      : []
    const app = apps.find(({ isServer }) => isServer) ?? apps[0]
    if (project === undefined || app === undefined) return undefined
    const others = apps.filter((one) => one !== app).map(({ name }) => name)
    const build = inTurn(project.manager.install, `npx nx build ${app.name}`)
    const found = {
      kind: app.isServer ? 'Node.js' : 'static files',
      evidence: `nx.json, and apps/${app.name}/project.json`,
      advice: [
        ...(others.length === 0 ? [] : [`apps/${app.name} was taken; the others are ${others.join(', ')}`]),
        ...adviceFor(folder, project),
      ],
    }
    return app.isServer
      ? { ...found, app: { build, start: `node ${app.out}/main.js`, runtime: project.runtime } }
      : { ...found, root: app.out, site: { build, fallback: 'index.html' } }
  },
}

function read(folder: Folder, path: string) {
  const { name, targets } = parseObject(folder.text(path)) ?? {}
  const build = isObject(targets) && isObject(targets['build']) ? targets['build'] : undefined
  const inner = path.split('/')[1]!
  if (build === undefined || inner.endsWith('-e2e')) return []
  const options = isObject(build['options']) ? build['options'] : {}
  const out = typeof options['outputPath'] === 'string' ? options['outputPath'] : `dist/apps/${inner}`
  const isServer = /:(?:webpack|esbuild|node|tsc)$/.test(String(build['executor'])) && options['target'] !== 'web'
  return [{ name: typeof name === 'string' ? name : inner, out, isServer }]
}
