import type { Ecosystem } from '../draft.ts'
import { adviceFor, buildOr, nodeProject } from '../node-project.ts'
import { trimaran } from '../../../speech/suggested-command.ts'

/** SvelteKit; its adapter says what a build makes. */
export const svelteKit: Ecosystem = {
  name: 'SvelteKit',
  family: 'npm',
  detect: (folder) => {
    const project = nodeProject(folder)
    if (project?.uses('@sveltejs/kit') !== true) return undefined
    const config = folder
      .find(/^(?:svelte|vite)\.config\.\w+$/)
      .map((path) => folder.text(path))
      .join('\n')
    const adapter = /@sveltejs\/(adapter-[\w-]+)|(svelte-adapter-[\w-]+)/.exec(config)?.[0] ?? '@sveltejs/adapter-auto'
    const found = { kind: 'SvelteKit', evidence: adapter, advice: adviceFor(folder, project) }
    const build = buildOr(project, 'vite build')
    const out = /\bout:\s*['"]([\w./-]+)['"]/.exec(config)?.[1] ?? 'build'
    if (adapter === '@sveltejs/adapter-static') {
      const pages = /\bpages:\s*['"]([\w./-]+)['"]/.exec(config)?.[1] ?? 'build'
      const fallback = /\bfallback:\s*['"]([\w./-]+)['"]/.exec(config)?.[1]
      return { ...found, root: pages, site: { build, ...(fallback !== undefined && { fallback }) } }
    }
    if (adapter !== '@sveltejs/adapter-node')
      return {
        ...found,
        missing: `${adapter} makes no server that runs by itself`,
        next: `\`npm install --save-dev @sveltejs/adapter-node\`, use it in the config of SvelteKit, and run ${trimaran('init')} again`,
      }
    return {
      ...found,
      root: `${out}/client`,
      comments: { env: 'What SvelteKit compares the origin of forms with.' },
      app: {
        build,
        start: `node ${out}`,
        runtime: project.runtime,
        env: { PROTOCOL_HEADER: 'x-forwarded-proto', HOST_HEADER: 'x-forwarded-host' },
      },
    }
  },
}
