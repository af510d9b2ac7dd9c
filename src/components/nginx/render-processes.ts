import { linksOutOf, type Stack } from '../../stack/stack.ts'

/**
 * The process of the app that a request is for, by the path as nginx decodes it: once, without `//`, `/./` and `/../`,
 * as for static files. The sidecar uses this result. The app gets the path as it was sent.
 */
export function renderProcesses(stack: Pick<Stack, 'links'>): readonly string[] {
  const routes = linksOutOf(stack, 'web')
    .flatMap(({ service }) => (service?.paths ?? []).map((path) => ({ path: path.replace(/\/+$/, ''), service })))
    // The longer of two paths first: /api/admin before /api.
    .toSorted((one, other) => other.path.length - one.path.length || one.path.localeCompare(other.path))
  if (routes.length === 0) return []
  return [
    `# Paths that belong to a process of their own; case counts, and so does what stands behind a semicolon.
map $uri $trimaran_process {
    default "";
${routes.map(({ path, service }) => `    "~^${path.replaceAll(/[.~-]/g, String.raw`\$&`)}(/|$)" ${service!.name};`).join('\n')}
}
proxy_set_header X-Trimaran-Process $trimaran_process;`,
  ]
}
