import type { Config } from '../../config/schema.ts'
import type { Resource } from '../../resources/resource.ts'

type Runtime = Config['app']['runtime']

/** The folder that a Node runtime is unpacked to; none where the runtime comes from Debian's packages. */
export const nodeFolder = (runtime: Runtime): string | undefined =>
  runtime !== undefined && 'node' in runtime ? `/opt/trimaran/node-${runtime.node}` : undefined

/** What an app needs to run at all, besides its release. `architecture` is Debian's name: `amd64`, `arm64`. */
export function runtimeResources(runtime: Runtime, architecture: string): readonly Resource[] {
  if (runtime === undefined) return []
  if ('packages' in runtime) return runtime.packages.map((name) => ({ kind: 'package', name }))
  const payload = `node:${runtime.node}:${architecture}`
  return [{ kind: 'tree', path: `/opt/trimaran/node-${runtime.node}`, payload, owner: 'root' }]
}
