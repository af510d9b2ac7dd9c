import type { Config } from '../../config/schema.ts'
import { nodeReleaseBefore, nodeReleaseFor, type NodeRelease } from '../../config/values/node-releases.ts'
import type { Resource, Tree } from '../../resources/resource.ts'

type Runtime = Config['app']['runtime']

/** Where Node runtimes are installed, each in a folder named after its exact version. */
export const nodeFolders = '/opt/trimaran/node-'

const nodeOf = (runtime: Runtime): NodeRelease | undefined =>
  runtime?.node === undefined ? undefined : nodeReleaseFor(runtime.node)

/** The folder that a Node runtime is unpacked to; none where the runtime names no Node. */
export function nodeFolder(runtime: Runtime): string | undefined {
  const release = nodeOf(runtime)
  return release && `${nodeFolders}${release.version}`
}

/**
 * What an app needs to run at all, besides its release. `architecture` is Debian's name: `amd64`, `arm64`. The previous
 * Node stays installed: a release that finishes its last requests still starts children with it.
 */
export function runtimeResources(runtime: Runtime, architecture: string): readonly Resource[] {
  const packages = (runtime?.packages ?? []).map((name): Resource => ({ kind: 'package', name }))
  const release = nodeOf(runtime)
  if (release === undefined) return packages
  const before = nodeReleaseBefore(release)
  return [
    ...packages,
    tree(release, architecture),
    ...(before === undefined ? [] : [{ ...tree(before, architecture), optional: true }]),
  ]
}

const tree = ({ version }: NodeRelease, architecture: string): Tree => ({
  kind: 'tree',
  path: `${nodeFolders}${version}`,
  payload: `node:${version}:${architecture}`,
  owner: 'root',
  isRun: true,
})
