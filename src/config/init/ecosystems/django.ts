import { inTurn } from '../node-project.ts'
import { findVariables } from '../find-variables.ts'
import { withFrontEnd } from '../front-end.ts'
import { pythonProject, pythonRuntime } from '../python-project.ts'
import type { Ecosystem } from '../draft.ts'
import { trimaran } from '../../../speech/suggested-command.ts'

/** Django, behind gunicorn, or behind Daphne where it speaks WebSocket. */
export const django: Ecosystem = {
  name: 'Django',
  family: 'python',
  detect: (folder) => {
    if (!/django/i.test(folder.text('manage.py'))) return undefined
    const project = pythonProject(folder)
    const module =
      /DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]/.exec(folder.text('manage.py'))?.[1] ?? 'config.settings'
    const settings = folder
      .find(new RegExp(`^${module.split('.')[0]}/settings(?:\\.py|/.*\\.py)$`))
      .map((path) => folder.text(path))
      .join('\n')
    const isAsync = project.requires('daphne') || project.requires('channels')
    const place =
      folder
        .find(isAsync ? /(?:^|\/)asgi\.py$/ : /(?:^|\/)wsgi\.py$/)[0]
        ?.replace(/\.py$/, '')
        .replaceAll('/', '.') ?? `${module.split('.')[0]}.wsgi`
    const collects = /STATIC_ROOT\s*=/.test(settings)
    const { env, runtime } = pythonRuntime(folder, project, { servers: [isAsync ? 'daphne' : 'gunicorn'] })
    const front = withFrontEnd(folder)
    const build = inTurn(
      project.install,
      front.build,
      collects
        ? `${env === undefined ? '' : `PYTHONPATH=${env.PYTHONPATH} `}python3 manage.py collectstatic --noinput && ${publish(settings)}`
        : undefined,
    )
    const secrets = [...new Set(secretsIn(settings))]
    const hosts = allowedHosts.exec(settings)?.[1]
    const [, media] = /MEDIA_ROOT\s*=[^\n]*['"]\/?([\w-]+)\/?['"]/.exec(settings) ?? []
    return {
      kind: 'Django',
      evidence: 'manage.py',
      advice: [
        ...project.advice,
        ...front.advice,
        hosts === undefined
          ? `ALLOWED_HOSTS must have the names of the site, and in the lab the address that visitors use: read it from the environment, and run ${trimaran('init')} again`
          : `with several domains, ${hosts} must have all of them`,
        ...(media === undefined
          ? []
          : [
              `${media}/ is kept on each app server by itself, and served only where urls.py does it: with several, uploads belong in object storage`,
            ]),
        ...(collects
          ? []
          : [
              `${module} has no STATIC_ROOT: without it, collectstatic makes no static files for web servers, and pages have no styles`,
            ]),
        ...(collects ? ['collectstatic runs on this computer, which needs a Python that can import the settings'] : []),
        ...(/DATABASE_URL|dj_database_url|environ\.Env|env\.db/.test(settings) ||
        Object.keys(findVariables(folder)).length > 0 ||
        !settings.includes('DATABASES')
          ? []
          : ['DATABASES must be read from the environment: `dj-database-url` reads DATABASE_URL']),
      ],
      comments: {
        ...(collects && { build: 'Static files get into public/static, which web servers serve themselves.' }),
      },
      app: {
        ...(build !== '' && { build }),
        start: isAsync
          ? `python3 -m daphne --bind 0.0.0.0 --port $PORT ${place}:application`
          : `python3 -m gunicorn --bind 0.0.0.0:$PORT --workers 3 ${place}`,
        release: 'python3 manage.py migrate --noinput',
        runtime,
        ...((env || hosts) && { env: { ...env, ...(hosts && { [hosts]: { code: 'site.host' } }) } }),
        ...(secrets.length > 0 && { secrets }),
        ...(media && { writable: [media] }),
      },
    }
  },
}

/** The variable from which the settings read the names that Django answers to. */
const allowedHosts = /(?:environ(?:\.get\(|\[)|getenv\(|env(?:\.list)?\(|config\()\s*['"]([A-Z_]*ALLOWED_HOSTS)['"]/

/** STATIC_URL is `static/` as a rule: the folder of collected files has to lie at that path. */
function publish(settings: string): string {
  const [, url = 'static'] = /STATIC_URL\s*=\s*['"](?:https?:\/\/[^/'"]+)?\/?([\w/-]+?)\/?['"]/.exec(settings) ?? []
  const [, root = 'staticfiles'] = /STATIC_ROOT\s*=[^\n]*['"]\/?([\w-]+)\/?['"]/.exec(settings) ?? []
  const above = url.includes('/') ? url.slice(0, url.lastIndexOf('/')) : ''
  return `mkdir -p public/${above} && cp -r ${root} public/${url}`.replace('public/ ', 'public ')
}

/** Names of variables with secrets that the settings read, without those that Trimaran gives. */
const secretsIn = (settings: string): readonly string[] =>
  [...settings.matchAll(/(?:environ(?:\.get\(|\[)|getenv\(|env\(|env\.str\(|config\()\s*['"]([A-Z][A-Z0-9_]*)['"]/g)]
    .map(([, name]) => name!)
    .filter((name) => /SECRET|_KEY$|TOKEN|PASSWORD/.test(name) && !/^(?:DB|DATABASE|POSTGRES|PG)/.test(name))
