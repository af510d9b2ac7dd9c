import { checkHealthPath } from '../values/text.ts'
import type { Folder } from './folder.ts'

const usual = ['/up', '/healthz', '/health', '/livez', '/ping', '/status', '/api/health', '/api/healthz']

/**
 * The path of a health check that a source names, as a text of its own. Django's routes have no slash at their beginning, and
 * most have one at their end.
 */
export function findHealth(folder: Folder): string | undefined {
  const sources = folder
    .find(/\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|java|kt|cs|exs?)$/)
    .filter((path) => !/(?:^|\/)(?:tests?|spec)\//.test(path))
  const texts = sources.map((path) => folder.text(path))
  const forms = usual.flatMap((path) => [path, `${path}/`, `${path.slice(1)}/`])
  const found = forms.find((form) =>
    texts.some((text) => ["'", '"', '`'].some((mark) => text.includes(mark + form + mark))),
  )
  if (found !== undefined) {
    const path = found.startsWith('/') ? found : `/${found}`
    return checkHealthPath(path) === undefined ? path : undefined
  }
  return routeOfController(texts) ?? routeOfFile(folder)
}

/** NestJS names a path without its slash: `@Controller('healthz')`. */
const routeOfController = (texts: readonly string[]): string | undefined =>
  usual.find((path) => texts.some((text) => new RegExp(`@Controller\\(['"]${path.slice(1)}['"]\\)`).test(text)))

/** Frameworks whose routes are files: `app/api/health/route.ts`, `src/pages/healthz.ts`, `server/routes/up.ts`, `server/api/health.get.ts`. */
function routeOfFile(folder: Folder): string | undefined {
  for (const path of usual) {
    // Of server/ itself, Nitro takes the routes of api/ alone.
    const folders = [
      'app',
      'pages',
      'routes',
      'app/routes',
      'server/routes',
      ...(path.startsWith('/api/') ? ['server'] : []),
    ]
    const pattern = new RegExp(
      `^(?:src/)?(?:${folders.join('|')})${path}(?:/(?:route|\\+server|index))?(?:\\.get)?\\.[cm]?[jt]sx?$`,
    )
    if (folder.find(pattern).length > 0) return path
  }
  return undefined
}
