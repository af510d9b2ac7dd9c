import { adviceFor, buildOr, nodeProject } from '../node-project.ts'
import type { Folder } from '../folder.ts'
import type { Ecosystem } from '../draft.ts'

interface Generator {
  /** Its package. */
  readonly name: string
  readonly kind: string
  /** The command where package.json has no script `build`. */
  readonly build: string
  /** The folder that it writes to. */
  readonly root: string | ((folder: Folder) => string)
  /** Bundlers make libraries, too: of an app there is a page. */
  readonly page?: string
  /** Single-page apps answer every path with their one page. */
  readonly fallback?: string
}

const outDir = (folder: Folder): string => {
  const config = folder
    .find(/^vite\.config\.\w+$/)
    .map((path) => folder.text(path))
    .join('\n')
  return /\boutDir:\s*['"](?:\.\/)?([\w/-]+)['"]/.exec(config)?.[1] ?? 'dist'
}

/** What makes a site of files alone out of a folder with a package.json; the first that is found counts. */
const generators: readonly Generator[] = [
  { name: '@docusaurus/core', kind: 'Docusaurus', build: 'docusaurus build', root: 'build' },
  {
    name: 'vitepress',
    kind: 'VitePress',
    build: 'vitepress build docs',
    root: (folder) => (folder.has('docs/.vitepress') ? 'docs/.vitepress/dist' : '.vitepress/dist'),
  },
  { name: '@11ty/eleventy', kind: 'Eleventy', build: 'eleventy', root: '_site' },
  { name: 'gatsby', kind: 'Gatsby', build: 'gatsby build', root: 'public' },
  { name: 'hexo', kind: 'Hexo', build: 'hexo generate', root: 'public' },
  {
    name: 'react-scripts',
    kind: 'Create React App',
    build: 'react-scripts build',
    root: 'build',
    fallback: 'index.html',
  },
  { name: '@vue/cli-service', kind: 'Vue', build: 'vue-cli-service build', root: 'dist', fallback: 'index.html' },
  { name: 'vite', kind: 'Vite', build: 'vite build', page: 'index.html', root: outDir, fallback: 'index.html' },
  { name: 'parcel', kind: 'Parcel', build: 'parcel build', root: 'dist', page: 'index.html', fallback: 'index.html' },
]

/** Generators of sites, and bundlers of single-page apps, from npm. */
export const staticGenerators: Ecosystem = {
  name: 'Vite, Eleventy and other makers of static files',
  family: 'npm',
  isGeneral: true,
  detect: (folder) => {
    const project = nodeProject(folder)
    const generator =
      project && generators.find(({ name, page }) => project.uses(name) && (page === undefined || folder.has(page)))
    if (project === undefined || generator === undefined) return undefined
    const { kind, name, root, fallback } = generator
    const build = buildOr(project, generator.build)
    return {
      kind,
      evidence: `${name} in package.json, and no server`,
      root: typeof root === 'string' ? root : root(folder),
      ...(fallback !== undefined && { comments: { fallback: 'The page finds its own way below other paths.' } }),
      advice: adviceFor(folder, project),
      site: { build, ...(fallback !== undefined && { fallback }) },
    }
  },
}
