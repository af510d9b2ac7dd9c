import { claimedHeaders } from '../claimed-headers.ts'
import { hasTier } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { headerLimit } from '../header-limit.ts'

/** Larger than what HAProxy takes, on both sides of nginx. */
const bufferKilobytes = headerLimit / 1024 + 16

/** The header values that replace those of the visitor. */
const told = new Set<string>([
  'x-forwarded-for',
  'x-real-ip',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-trimaran-balancer',
  'x-trimaran-web',
  'x-trimaran-process',
  'x-request-id',
])

/** How connections of balancers and requests of visitors are taken; and, where there is an app, how it is asked. */
export const renderTraffic = (context: Pick<RenderContext, 'server' | 'stack'>): string =>
  hasTier(context.stack, 'app')
    ? `${upstream}\n${renderRequests(context)}\n\n${renderProxying(context)}`
    : renderRequests(context)

const upstream = `# The sidecar: the local HAProxy, which chooses an app server that is healthy and retries on another.
upstream app {
    server unix:/run/haproxy/app.sock;
    keepalive 64;
    # nginx closes idle connections before the sidecar does, and soon: after a reload they lead to its old worker.
    keepalive_timeout 5s;
    keepalive_requests 100000;
}`

const renderRequests = ({
  stack,
}: Pick<RenderContext, 'stack'>): string => `# Longer than the balancers keep an idle connection to nginx.
keepalive_timeout 120s;
keepalive_requests 100000;

client_max_body_size ${stack.declared.web.uploadLimit};
client_body_buffer_size 128k;
client_header_timeout 15s;
client_body_timeout 60s;
send_timeout 60s;
# The balancers allow ${headerLimit / 1024} kB of headers in all; here even one of them may be as large.
large_client_header_buffers 4 ${bufferKilobytes}k;
# Names with an underscore or a dot are passed on; the balancers remove those that could be mistaken for headers of ours.
underscores_in_headers on;
ignore_invalid_headers off;

# The path as the visitor wrote it, with its escapes; more slashes at its beginning would name another server.
map $request_uri $asked_path {
    default /;
    "~^/*(?<asked>[^?]*)" /$asked;
}`

/**
 * Proxying to the app: through the sidecar's socket, with headers that the app can trust. The sender of requests must close an
 * idle connection first, or the other side may close it in the middle of a request. After a reload of the sidecar, an idle
 * connection still leads to its old worker, which runs no health checks any more: so nginx closes it soon.
 */
const renderProxying = ({ server }: Pick<RenderContext, 'server'>): string => `# Only WebSocket may switch protocols.
map $http_upgrade $upgrade {
    default "";
    "~*^websocket$" websocket;
}
map $upgrade $connection_header {
    default "";
    websocket upgrade;
}

proxy_http_version 1.1;
proxy_redirect off;
proxy_set_header Host $http_host;
proxy_set_header Connection $connection_header;
proxy_set_header Upgrade $upgrade;
# One address, the visitor's own: headers that visitors forge never reach the app.
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-Proto $visitor_scheme;
proxy_set_header X-Forwarded-Host $visitor_host;
proxy_set_header X-Forwarded-Port $visitor_port;
proxy_set_header X-Request-Id $trimaran_request_id;
proxy_set_header X-Trimaran-Balancer $trimaran_balancer;
proxy_set_header X-Trimaran-Web ${server.name};
${claimedHeaders
  .filter((name) => !name.includes('*') && !told.has(name))
  .map((name) => `proxy_set_header ${name} "";`)
  .join('\n')}

# Only balancers repeat a request; here it fails at once.
proxy_next_upstream off;

# These timeouts are for a sidecar that hangs; the sidecar itself has the timeouts for the app.
proxy_connect_timeout 2s;
proxy_send_timeout 60s;
proxy_read_timeout 3600s;

# Answers with a length are buffered for slow visitors, at most 64 MB on disk. The sidecar says which are streamed.
proxy_buffer_size ${bufferKilobytes}k;
proxy_buffers 8 16k;
proxy_busy_buffers_size ${bufferKilobytes}k;
proxy_max_temp_file_size 64m;`
