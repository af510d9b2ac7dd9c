import { linksOutOf, type Stack } from '../../stack/stack.ts'

/**
 * Which of the app's processes a request is for, by the path as nginx understands it: decoded once, without `//`, `/./` and
 * `/../`, as it looks for files, too. The sidecar goes by what is said here. The app gets the path as it was sent.
 */
export function renderProcesses(stack: Pick<Stack, 'links'>): readonly string[] {
  const routes = linksOutOf(stack, 'web')
    .flatMap(({ service }) => (service?.paths ?? []).map((path) => ({ path: path.replace(/\/+$/, ''), service })))
    // Of two paths the one that says more: /api/admin before /api.
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
