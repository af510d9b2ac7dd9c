import type { Folder } from '../folder.ts'
import type { Ecosystem } from '../draft.ts'

interface Generator {
  readonly kind: string
  readonly sign: (folder: Folder) => string | undefined
  readonly build: (folder: Folder) => string
  readonly root: string
  /** What the build needs on the operator's computer. */
  readonly needs: string
}

const firstOf = (folder: Folder, ...names: readonly string[]): string | undefined =>
  names.find((name) => folder.has(name))

const generators: readonly Generator[] = [
  {
    kind: 'Hugo',
    sign: (folder) =>
      firstOf(folder, 'hugo.toml', 'hugo.yaml', 'hugo.yml', 'hugo.json') ??
      (folder.has('archetypes') || (folder.has('content') && folder.has('themes'))
        ? firstOf(folder, 'config.toml', 'config.yaml', 'config')
        : undefined),
    build: () => 'hugo --minify',
    root: 'public',
    needs: 'Hugo',
  },
  {
    kind: 'Jekyll',
    sign: (folder) =>
      /jekyll/i.test(folder.text('Gemfile')) || folder.has('_layouts') || folder.has('_posts')
        ? firstOf(folder, '_config.yml', '_config.yaml')
        : undefined,
    build: (folder) => (folder.has('Gemfile') ? 'bundle install && bundle exec jekyll build' : 'jekyll build'),
    root: '_site',
    needs: 'Ruby and Jekyll',
  },
  {
    kind: 'Zola',
    sign: (folder) =>
      /^base_url\s*=/m.test(folder.text('config.toml')) && folder.has('content') ? 'config.toml' : undefined,
    build: () => 'zola build',
    root: 'public',
    needs: 'Zola',
  },
  {
    kind: 'MkDocs',
    sign: (folder) => firstOf(folder, 'mkdocs.yml', 'mkdocs.yaml'),
    build: () => 'mkdocs build',
    root: 'site',
    needs: 'MkDocs',
  },
  {
    kind: 'mdBook',
    sign: (folder) => firstOf(folder, 'book.toml'),
    build: () => 'mdbook build',
    root: 'book',
    needs: 'mdBook',
  },
  {
    kind: 'Sphinx',
    sign: (folder) => (folder.has('index.rst') || folder.has('index.md') ? firstOf(folder, 'conf.py') : undefined),
    build: () => 'sphinx-build -b html . html',
    root: 'html',
    needs: 'Sphinx',
  },
]

/** Generators of sites that do not come from npm. */
export const siteGenerators: Ecosystem = {
  name: 'Hugo, Jekyll and other makers of sites',
  family: 'site',
  detect: (folder) => {
    for (const { kind, sign, build, root, needs } of generators) {
      const evidence = sign(folder)
      if (evidence === undefined) continue
      return {
        kind,
        evidence,
        root,
        advice: [`the build needs ${needs} on this computer`],
        site: { build: build(folder) },
      }
    }
    return undefined
  },
}
