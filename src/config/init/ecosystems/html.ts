import type { Ecosystem } from '../draft.ts'
import { freeName } from '../free-name.ts'

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
    const ready = folders.find((name) => folder.has(`${name}/index.html`))
    if (ready !== undefined) return { kind: 'static files', evidence: `${ready}/index.html`, root: ready, site: {} }
    if (!folder.has('index.html')) return undefined
    const root = freeName(folder, 'public', 'webroot', 'published')
    const files = folder.entries.filter((name) => endings.test(name) && !notForVisitors.test(name))
    const kinds = [...new Set(files.map((name) => `*${name.slice(name.lastIndexOf('.'))}`))]
    const inner = folder.entries
      .filter((name) => /^[\w-]+\/$/.test(name) && !/^(?:node_modules|vendor|src|tests?|scripts)\/$/.test(name))
      .map((name) => name.slice(0, -1))
    return {
      kind: 'static files',
      evidence: 'index.html',
      root,
      comments: { build: 'Only a folder of the release is public: what visitors may see is copied there.' },
      site: { build: `mkdir ${root} && cp -r ${[...kinds, ...inner].join(' ')} ${root}/` },
    }
  },
}
