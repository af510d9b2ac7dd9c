import type { Folder } from './folder.ts'
import { buildWith, nodeProject } from './node-project.ts'

/** A package.json beside an app in another language: its script `build` makes what browsers load. */
export function withFrontEnd(folder: Folder): { readonly build?: string; readonly advice: readonly string[] } {
  const project = nodeProject(folder)
  if (project?.scripts['build'] === undefined) return { advice: [] }
  return {
    build: `${buildWith(project, 'build')!} && rm -rf node_modules`,
    advice: ['the build needs Node and npm on this computer, for package.json'],
  }
}
