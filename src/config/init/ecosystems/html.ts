import type { Ecosystem } from '../draft.ts'

const folders = ['public', 'dist', 'build', 'site', 'www', 'html', 'htdocs', 'docs', '_site', 'out']
/** What pages load; with these endings, files on top of the folder are published. */
const endings = /\.(?:html?|css|m?js|json|txt|xml|ico|svg|png|jpe?g|gif|webp|avif|webmanifest|woff2?|pdf)$/
const notForVisitors =
  /^(?:package(?:-lock)?\.json|[\w.-]*config\.[\w.]+|tsconfig[\w.-]*\.json|composer\.json|LICENSE.*|README.*)$/

/** Pages that are written by hand, or were built before. */
export const html: Ecosystem = {
  name: 'plain HTML',
  family: 'any',
  isGeneral: true,
  detect: (folder) => {
    const root = folders.find((name) => folder.has(`${name}/index.html`))
    if (root !== undefined) return { kind: 'static files', evidence: `${root}/index.html`, root, site: {} }
    if (!folder.has('index.html')) return undefined
    const files = folder.entries.filter((name) => endings.test(name) && !notForVisitors.test(name))
    const kinds = [...new Set(files.map((name) => `*${name.slice(name.lastIndexOf('.'))}`))]
    const inner = folder.entries
      .filter((name) => /^[\w-]+\/$/.test(name) && !/^(?:node_modules|vendor|src|tests?|scripts)\/$/.test(name))
      .map((name) => name.slice(0, -1))
    return {
      kind: 'static files',
      evidence: 'index.html',
      root: 'public',
      comments: { build: 'Only a folder of the release is public: what visitors may see is copied there.' },
      site: { build: `mkdir public && cp -r ${[...kinds, ...inner].join(' ')} public/` },
    }
  },
}
