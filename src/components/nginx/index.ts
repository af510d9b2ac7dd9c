import type { Resource, Tree } from '../../resources/resource.ts'
import { sh } from '../../shell/sh.ts'
import { isDrained } from '../../stack/stack-state.ts'
import type { Component, RenderContext } from '../component.ts'
import { placedByTrimaran } from '../placed.ts'
import { rootFile } from '../root-file.ts'
import { explainNginx } from './explain.ts'
import { type NginxDetails, nginxDetails, reportRelease } from './details.ts'
import { askNginx, readNginx } from './health.ts'
import { dropIn } from './render-drop-in.ts'
import { alivePath, drainedPath, httpPort, renderNginxConf, statusPort } from './render-nginx-conf.ts'
import { errorPages } from './render-error-pages.ts'
import { olderReleases } from './render-static-files.ts'

/** The folder of the static files of releases. */
const webFolder = '/srv/web'

/** The web tier: serves the release's static files, and passes everything else to the app. */
export const nginx: Component<NginxDetails> = {
  name: 'nginx',
  belongsOn: (server) => server.tier === 'web',
  links: () => [
    {
      from: 'balancer',
      to: 'web',
      component: 'nginx',
      protocol: 'tcp',
      ports: [httpPort],
      why: 'balancers spread the requests of visitors over the web servers',
      service: { name: 'web', port: httpPort, mode: 'http', check: { method: 'GET', path: alivePath } },
    },
  ],
  packages: ['nginx'],
  owns: { daemons: ['nginx'], releases: [webFolder] },
  listens: () => [
    { port: httpPort, unit: 'nginx.service', reach: 'network' },
    { port: statusPort, unit: 'nginx.service', reach: 'loopback' },
  ],
  render: renderNginx,
  health: { ask: askNginx, read: readNginx, details: nginxDetails, report: reportRelease },
  roles: { holdsReleases: { tier: 'web', folder: webFolder, archive: 'static' } },
  explain: explainNginx,
}

function renderNginx(context: RenderContext): readonly Resource[] {
  const { release, kept } = context.stackState
  const root = { owner: 'root', group: 'root' } as const
  return [
    { kind: 'directory', path: webFolder, mode: '0755', ...root },
    { kind: 'directory', path: `${webFolder}/releases`, mode: '0755', ...root },
    tree(release),
    ...kept.filter((older) => older !== release).map((older): Resource => ({ ...tree(older), optional: true })),
    // Files of a release are served before the pages that name them, and as long as such a page may be open.
    { kind: 'symlink', path: `${webFolder}/next`, target: `releases/${release}`, isAhead: true },
    ...kept
      .filter((older) => older !== release)
      .slice(0, olderReleases)
      .map((older, position): Resource => ({
        kind: 'symlink',
        path: `${webFolder}/older-${position + 1}`,
        target: `releases/${older}`,
        isAhead: true,
      })),
    { kind: 'symlink', path: `${webFolder}/current`, target: `releases/${release}` },
    ...errorPages(context).map((page) => ({ kind: 'file' as const, ...page, mode: '0644', ...root })),
    {
      kind: 'file',
      path: '/etc/nginx/nginx.conf',
      content: renderNginxConf(context),
      mode: '0644',
      ...root,
      check: sh`nginx -t -q -c "$file"`,
      onChange: 'reload',
    },
    {
      kind: 'file',
      path: '/etc/systemd/system/nginx.service.d/60-trimaran.conf',
      content: dropIn,
      mode: '0644',
      ...root,
      // A reload is enough: it applies at the next start.
      onChange: 'reload',
    },
    {
      kind: 'unit',
      name: 'nginx.service',
      state: 'running',
      // Not the path that balancers check, which fails while this server is drained.
      probe: sh`curl -fsS -o /dev/null -m 2 ${`http://127.0.0.1:${statusPort}${alivePath}`}`,
    },
    ...(isDrained(context.stackState, context.server.name) ? [drained] : []),
  ]
}

const drained = rootFile(
  drainedPath,
  `${placedByTrimaran}\n# While this file exists, this server is drained: it tells the balancers to send nothing.\n`,
)

/**
 * All kept releases are served: a page that is still open may name files of any of them. So each is checked with every
 * question.
 */
const tree = (release: string): Tree => ({
  kind: 'tree',
  path: `${webFolder}/releases/${release}`,
  payload: `static:${release}`,
  owner: 'root',
})
