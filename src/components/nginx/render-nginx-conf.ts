import type { RenderContext } from '../component.ts'
import { serversOf } from '../../stack/stack.ts'
import { placedByTrimaran } from '../placed.ts'
import { renderProxying } from './render-proxying.ts'
import { renderStaticFiles } from './render-static-files.ts'
import { tuneWorkers } from './tune-workers.ts'

/** Where the balancers ask whether this server may be used. */
export const alivePath = '/_trimaran/alive'
/** Where nginx tells its own figures, to this server only. */
export const statusPort = 8081

/** The whole configuration of nginx, for `/etc/nginx/nginx.conf`. */
export function renderNginxConf(context: RenderContext): string {
  const { server, stack } = context
  const { processes, connections, descriptors } = tuneWorkers(context)
  const { requestTimeout } = stack.declared.app
  return `${placedByTrimaran}
# ${server.name} of ${stack.name}: a file of the release is answered from here, everything else is passed to the app.

user www-data;
pid /run/nginx.pid;
# One worker for each core; connections from a quarter of the memory.
worker_processes ${processes};
worker_rlimit_nofile ${descriptors};
# After a reload the old workers finish what they began; what still runs then is cut.
worker_shutdown_timeout ${shutdownSeconds(requestTimeout)}s;
pcre_jit on;
# systemd takes it into the journal.
error_log stderr warn;

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

    server_tokens off;
    sendfile on;
    tcp_nopush on;
    # Behind a balancer that speaks TLS, an absolute redirect would name the wrong scheme.
    absolute_redirect off;

${renderVisitors(context)}

${renderLogging()}

${renderCompression()}

${renderProxying(context)}

    server {
        # Without reuseport: its queues would be reset whenever the number of workers changes.
        listen 80 default_server backlog=4096;
        root /srv/web/current;

        # Says that nginx runs, and no more: were it to ask the app too, a failing app would take the static files
        # and every web server out of service with it.
        location = ${alivePath} {
            access_log off;
            default_type text/plain;
            return 200 "alive\\n";
        }

        location ^~ /_trimaran/ {
            return 404;
        }

${renderStaticFiles()}
    }

    # Figures for \`trimaran status\`, to this server only.
    server {
        listen 127.0.0.1:${statusPort};
        access_log off;

        location = /status {
            stub_status;
        }

        location / {
            return 404;
        }
    }
}
`
}

/** How long a worker that is told to end may go on: the longest request, and some time to send its answer. */
export const shutdownSeconds = (requestTimeout: number): number => Math.ceil(requestTimeout) + 15

function renderVisitors({ stack }: RenderContext): string {
  const balancers = serversOf(stack, 'balancer')
  return `    # Only a balancer is believed about who the visitor is; from anyone else these headers are thrown away.
${balancers.map(({ address, name }) => `    set_real_ip_from ${address}; # ${name}`).join('\n')}
    real_ip_header X-Forwarded-For;

    geo $realip_remote_addr $from_balancer {
        default 0;
${balancers.map(({ address }) => `        ${address} 1;`).join('\n')}
    }
    map $from_balancer$http_x_request_id $trimaran_request_id {
        default $request_id;
        "~^1(?<given>[\\w.:+/=@-]{1,128})$" $given;
    }
    map $from_balancer$http_x_forwarded_proto $visitor_scheme {
        default http;
        1https https;
    }
    map $from_balancer $trimaran_balancer {
        default "";
        1 $http_x_trimaran_balancer;
    }`
}

function renderLogging(): string {
  return `    # One line for each request, in the journal: \`journalctl -t nginx\`, or \`trimaran logs\`.
    log_format requests 'request_id=$trimaran_request_id client=$remote_addr method=$request_method host="$http_host" '
                        'path="$request_uri" status=$status bytes=$body_bytes_sent seconds=$request_time '
                        'app_status=$upstream_status app_seconds=$upstream_response_time balancer=$trimaran_balancer '
                        'agent="$http_user_agent"';
    access_log syslog:server=unix:/dev/log,nohostname,tag=nginx,severity=info requests;`
}

function renderCompression(): string {
  return `    gzip on;
    # A file that was compressed when the release was built (app.css.gz beside app.css) is sent as it is.
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
    gzip_comp_level 4;
    gzip_min_length 1024;
    gzip_types
        text/plain text/css text/javascript text/xml text/markdown text/csv
        application/javascript application/json application/ld+json application/manifest+json application/graphql+json
        application/xml application/rss+xml application/atom+xml application/xhtml+xml application/wasm
        image/svg+xml image/x-icon image/bmp font/ttf font/otf;`
}
