import { hasTier, isAlone, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { placedByTrimaran, reasonsOn } from '../placed.ts'
import { indent } from './indent.ts'
import { renderLogging } from './render-logging.ts'
import { renderProcesses } from './render-processes.ts'
import { renderTraffic } from './render-proxying.ts'
import { errorFormat, renderErrorPages } from './render-error-pages.ts'
import { renderSite } from './render-site.ts'
import { renderStaticFiles } from './render-static-files.ts'
import { refusal, renderVisitors } from './render-visitors.ts'
import { tuneWorkers } from './tune-workers.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The port for requests of balancers. */
export const httpPort = 80
/** While this file exists, the check of balancers fails. */
export const drainedPath = '/etc/nginx/drained'
/** The path that balancers check. */
export const alivePath = '/_trimaran/alive'
/** The path of nginx's own figures, for this server only. */
export const statusPort = 8081

/** The whole configuration of nginx, for `/etc/nginx/nginx.conf`. */
export function renderNginxConf(context: RenderContext): string {
  const { server, stack, facts } = context
  const { processes, connections, descriptors } = tuneWorkers(facts)
  const hasApp = hasTier(stack, 'app')
  return `${placedByTrimaran}
# ${server.name} of ${stack.name}: serves the ${hasApp ? 'static files of the release, and passes everything else to the app' : 'files of the site, which has no app'}.
${reasonsOn('release-trees-and-slots', 'sidecars')}

user www-data;
pid /run/nginx.pid;
# One worker for each core; connections from a quarter of the memory.
worker_processes ${processes};
worker_rlimit_nofile ${descriptors};
# After a reload the old workers finish their requests, also WebSockets; after this time they are cut.
worker_shutdown_timeout 12h;
pcre_jit on;
# Goes to the journal. Warnings would be a line for each upload and download that uses the disk.
error_log stderr error;

events {
    worker_connections ${connections};
}

http {
    include /etc/nginx/mime.types;
    types {
        text/javascript mjs;
        application/manifest+json webmanifest;
    }
    default_type application/octet-stream;
    types_hash_max_size 4096;
    charset_types text/css text/javascript text/plain text/xml text/csv text/markdown application/javascript;

    server_tokens off;
    sendfile on;
    tcp_nopush on;
    # Behind a proxy that ends TLS, an absolute redirect would name the wrong scheme.
    absolute_redirect off;

${indent(1, [renderVisitors(stack), errorFormat, renderLogging(), compression, renderTraffic(context), ...renderProcesses(stack)])}

    server {
        # Without reuseport: its queues are reset whenever the number of workers changes.
        listen ${httpPort} default_server backlog=4096;
        root /srv/web/current;

${indent(2, [refusal, renderAlive(stack, drained), reserved, renderErrorPages(stack), hasApp ? renderStaticFiles() : renderSite(stack.declared.web)])}
    }

    # Figures for ${trimaran('status')}, to this server only.
    server {
        listen 127.0.0.1:${statusPort};
        access_log off;

        location = /status {
            stub_status;
        }
${indent(2, [renderAlive(stack, '')])}
        location / {
            return 404;
        }
    }
}
`
}

/**
 * The answer to the balancers' check. It never depends on the app: else all web servers would fail at once, with the
 * static files. With several web servers, one with a dead or hanging sidecar is taken out.
 */
function renderAlive(stack: Stack, whileDrained: string): string {
  const hasApp = hasTier(stack, 'app')
  return isAlone(stack, 'web') || !hasApp
    ? `# This only says that nginx runs${hasApp ? ': an app that fails must not take the static files out of service' : ''}.
location = ${alivePath} {
    access_log off;
${whileDrained}    default_type text/plain;
    return 200 "alive\\n";
}`
    : `# This only says that nginx and the sidecar run: an app that fails must not take the static files out of service.
location = ${alivePath} {
    access_log off;
${whileDrained}    proxy_connect_timeout 300ms;
    proxy_read_timeout 500ms;
    proxy_pass http://127.0.0.1:8404/alive;
}`
}

/** A file, not a setting: without a reload, no connection of a balancer is closed. */
const drained = `    # Drained: this server is to get no more requests. Those that it has go on.
    if (-f ${drainedPath}) {
        return 503;
    }
`

const reserved = `location ^~ /_trimaran/ {
    return 404;
}`

const compression = `gzip on;
# A file that was compressed when the release was built (app.css.gz beside app.css) is sent as it is.
gzip_static on;
gzip_vary on;
gzip_proxied any;
gzip_comp_level 4;
gzip_min_length 1024;
gzip_types
    text/plain text/css text/javascript text/xml text/markdown text/csv
    application/javascript application/json application/ld+json application/manifest+json
    application/xml application/rss+xml application/atom+xml application/xhtml+xml application/wasm
    image/svg+xml image/x-icon image/bmp font/ttf font/otf;`
