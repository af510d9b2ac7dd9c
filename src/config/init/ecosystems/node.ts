import { adviceFor, buildWith, nodeProject, type NodeProject } from '../node-project.ts'
import type { Folder } from '../folder.ts'
import type { Ecosystem, Found } from '../draft.ts'
import { type StartCommand, startScript } from '../start-script.ts'
import { defaultNode } from '../node-major.ts'

/** A server of one's own on Node.js: Express, Fastify, Hono, Koa, or none of them. */
export const node: Ecosystem = {
  name: 'Node.js (Express, Fastify, Hono and others)',
  family: 'npm',
  isGeneral: true,
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project === undefined) return withoutPackageJson(folder)
    const started = startScript(project, 'start') ?? startOfEntry(folder, project)
    if (started === undefined || isDevelopmentServer.test(project.scripts['start'] ?? '')) return undefined
    const root = rootOf(folder, project, started.start)
    const build = buildWith(project, 'build')
    return {
      kind: frameworks.find(([name]) => project.dependencies.has(name))?.[1] ?? 'Node.js',
      evidence:
        project.scripts['start'] === undefined
          ? started.start.split(' ').at(-1)!
          : 'the script `start` of package.json',
      ...(root !== undefined && { root }),
      ...(started.devDependencies && { comments: { devDependencies: 'The start command needs one of them.' } }),
      advice: adviceFor(folder, project),
      app: { ...(build !== undefined && { build }), ...started, runtime: project.runtime },
    }
  },
}

const frameworks = [
  ['express', 'Express'],
  ['fastify', 'Fastify'],
  ['hono', 'Hono'],
  ['koa', 'Koa'],
  ['@hapi/hapi', 'hapi'],
  ['@adonisjs/core', 'AdonisJS'],
  ['@strapi/strapi', 'Strapi'],
] as const

const isDevelopmentServer =
  /^(?:npx\s+)?(?:vite|react-scripts|ng|vue-cli-service|gatsby|expo|webpack|webpack-dev-server|parcel|docusaurus|vitepress|eleventy|storybook|react-native|electron)\b/

/** Names under which the entry of an app is usually found. */
const entryNames = ['server', 'app', 'index', 'main'].flatMap((name) =>
  ['js', 'mjs', 'cjs', 'ts', 'mts'].flatMap((ending) => [`${name}.${ending}`, `src/${name}.${ending}`]),
)

const listens = /\.listen\(|createServer\(|\bserve\(|Bun\.serve|Deno\.serve/

/** A library has an entry, too: what is started must listen somewhere. */
function startOfEntry(folder: Folder, { main, programs, scripts }: NodeProject): StartCommand | undefined {
  const built = [main, ...programs].find((path) => /^(?:dist|build|lib|out)\//.test(path ?? ''))
  if (built !== undefined && scripts['build'] !== undefined && somethingListens(folder))
    return { start: `node ${built}` }
  const entry = [main, ...entryNames].find((name) => name !== undefined && folder.has(name) && !name.endsWith('/'))
  return entry !== undefined && somethingListens(folder) ? { start: `node ${entry}` } : undefined
}

const somethingListens = (folder: Folder): boolean =>
  [...folder.texts].some(([path, text]) => /\.[cm]?[jt]s$/.test(path) && listens.test(text))

function withoutPackageJson(folder: Folder): Found | undefined {
  const entry = entryNames.find((name) => folder.has(name) && listens.test(folder.text(name)))
  if (entry === undefined || folder.has('deno.json') || /Deno\.serve|Bun\.serve/.test(folder.text(entry)))
    return undefined
  const isBroken = folder.has('package.json')
  return {
    kind: 'Node.js',
    evidence: entry,
    advice: isBroken ? ['package.json is not valid JSON: what it says was not read'] : [],
    app: { start: `node ${entry}`, runtime: { node: defaultNode } },
  }
}

/**
 * The folder that the app itself serves at `/`, or that a bundler writes pages to. `dist` and `build` may hold the server's own
 * code: they are taken only where they hold a page, and the server does not lie in them.
 */
function rootOf(folder: Folder, { scripts }: NodeProject, start: string): string | undefined {
  const served = [...folder.texts.values()].flatMap((text) =>
    [
      ...text.matchAll(
        /(?:use\(\s*|\broot:\s*)(?:express\.static|serveStatic)?\(?[^()\n]{0,60}['"`](?:\.\/)?([\w-]+)['"`]/g,
      ),
    ].map(([, name]) => name!),
  )
  const own = ['public', ...served.filter((name) => /^(?:static|assets|www|web|client)$/.test(name))].find(
    (name) => folder.has(name) && folder.entries.includes(`${name}/`),
  )
  const bundled = /vite build/.test(scripts['build'] ?? '')
    ? ['dist']
    : ['dist', 'build'].filter((name) => folder.has(`${name}/index.html`))
  return bundled.find((name) => !start.includes(`${name}/`)) ?? own
}
