import { describe, expect, it } from 'vitest'
import { app } from '../../src/components/app/index.ts'
import { nginx } from '../../src/components/nginx/index.ts'
import { contextFor, fiveServers, nineServers, siteOfFiles } from '../../src/components/testing/stacks.ts'
import type { File } from '../../src/resources/resource.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const components = [app, nginx]
const dropIn = nginx
  .render(contextFor(fiveServers(components), 'web-1'))
  .find(
    (resource): resource is File => resource.kind === 'file' && resource.path.endsWith('.service.d/60-trimaran.conf'),
  )!.content
const configOf = (stack: ReturnType<typeof fiveServers>): File =>
  nginx
    .render(contextFor(stack, 'web-1'))
    .find((resource): resource is File => resource.kind === 'file' && resource.path === '/etc/nginx/nginx.conf')!

describe.skipIf(!hasStockedImage())('nginx itself', () => {
  it.each([
    ['five', fiveServers(components)],
    ['nine', nineServers(components)],
    ['site', siteOfFiles(components)],
  ])('accepts the config of the %s servers', async (_name, stack) => {
    const { content, check } = configOf(stack)
    expect(await inImage(`file=/staged/nginx.conf; ${check!.text}`, { '/staged/nginx.conf': content })).toEqual({
      code: 0,
      output: '',
    })
  })

  it('runs under a unit that systemd accepts', async () => {
    const files = { '/etc/systemd/system/nginx.service.d/60-trimaran.conf': dropIn }
    expect(await inImage('systemd-analyze verify --man=no nginx.service', files)).toEqual({ code: 0, output: '' })
  })

  it('answers balancers for files, leaves the rest to the app, and answers nobody else', async () => {
    const files = {
      '/etc/nginx/nginx.conf': configOf(fiveServers(components)).content.replaceAll('198.18.0.11', '127.0.0.2'),
      '/srv/web/releases/r1/index.html': 'home',
      '/srv/web/releases/r1/about/index.html': 'about',
      '/srv/web/releases/r1/c#/index.html': 'c sharp',
      '/srv/web/releases/r1/über uns/index.html': 'über uns',
      '/srv/web/releases/r1/index.php': '<?php secret',
      '/srv/web/releases/r1/config.PHP.bak': '<?php secret',
      '/srv/web/releases/r1/page.jsp~': 'secret',
      '/srv/web/releases/r1/install.sh': '#!/bin/sh',
      '/srv/web/releases/r1/images/boat.svg': '<svg/>',
      '/srv/web/releases/r1/style.css': 'body {}',
      '/srv/web/releases/r1/app-3f9a1c2b.css': 'new',
      '/srv/web/releases/r1/.env': 'SECRET=1',
      '/srv/web/releases/r1/.well-known/security.txt': 'Contact',
      '/srv/web/releases/r0/app-1a2b3c4d.css': 'old',
      '/srv/web/releases/r0/gone.txt': 'gone',
      '/srv/web/releases/r0/gone.js': 'gone',
      '/srv/web/releases/r0/taken-over.js': 'old',
      '/srv/web/releases/r0/_next/static/chunks/page.js': 'old',
      '/ask.sh': ask,
      '/app.py': appInPython,
    }
    const { output } = await inImage(`bash /ask.sh 2>&1 | sed -E 's/[0-9a-f]{32}/OWN-ID/'`, files)
    expect(output).toBe(`${answers.trim()}\n`)
  })

  it.each([
    ['', answersOfSite],
    ['index.html', answersOfFallback],
  ])('answers with the files of a site that has no app, and with the fallback "%s"', async (fallback, expected) => {
    const stack = siteOfFiles(components, ...(fallback === '' ? [] : [fallback]))
    const files = {
      '/etc/nginx/nginx.conf': configOf(stack).content.replaceAll('198.18.0.11', '127.0.0.2'),
      '/srv/web/releases/r1/index.html': 'home',
      '/srv/web/releases/r1/404.html': 'lost',
      '/srv/web/releases/r1/about/index.html': 'about',
      '/srv/web/releases/r1/team.html': 'team',
      '/srv/web/releases/r1/style.css': 'body {}',
      '/srv/web/releases/r1/.env': 'SECRET=1',
      '/srv/web/releases/r1/index.php': '<?php secret',
      '/srv/web/releases/r0/gone.js': 'gone',
      '/srv/web/releases/r0/gone.html': 'gone',
      '/ask.sh': askSite,
    }
    const { output } = await inImage('bash /ask.sh 2>&1', files)
    expect(output).toBe(`${expected.trim()}\n`)
  })
})

const at = `
at() {
  head=$(curl -s -m 5 --interface 127.0.0.2 -o /tmp/body -w '%{http_code} | %header{location}%header{cache-control}' "\${@:2}" "http://127.0.0.1$1")
  echo "$1 | $head | $(head -1 /tmp/body | tr -d '\\r')"
}`

const askSite = `
ip link set lo up
ln -s releases/r1 /srv/web/current; ln -s releases/r0 /srv/web/older-1
nginx 2>/dev/null
${at}
for path in /_trimaran/alive / /about '/about?x=1' /about/ /team /team.html /style.css /nothing /nothing/ /nothing.js /gone.js /gone.html /.env /index.php /404.html /_trimaran/x; do at $path; done
at /team -X POST -d hello
nginx -s stop 2>/dev/null
`

const answersOfSite = `
/_trimaran/alive | 200 |  | alive
/ | 200 | public, no-cache | home
/about | 301 | /about/ | <html>
/about?x=1 | 301 | /about/?x=1 | <html>
/about/ | 200 | public, no-cache | about
/team | 200 | public, no-cache | team
/team.html | 200 | public, no-cache | team
/style.css | 200 | public, no-cache | body {}
/nothing | 404 | no-cache | lost
/nothing/ | 404 | no-cache | lost
/nothing.js | 404 | no-cache | lost
/gone.js | 200 | public, no-cache | gone
/gone.html | 404 | no-cache | lost
/.env | 404 | no-cache | lost
/index.php | 404 | no-cache | lost
/404.html | 404 | no-cache | lost
/_trimaran/x | 404 | no-cache | lost
/team | 405 |  | <html>
`

/** Pages are found by what the path says, and files that a page loads are not. */
const answersOfFallback = answersOfSite
  .replace('| 301 | /about/ |', '| 301 | /about/public, no-cache |')
  .replace('| 301 | /about/?x=1 |', '| 301 | /about/?x=1public, no-cache |')
  .replace('/nothing | 404 | no-cache | lost', '/nothing | 200 | public, no-cache | home')
  .replace('/nothing/ | 404 | no-cache | lost', '/nothing/ | 200 | public, no-cache | home')
  .replace('/gone.html | 404 | no-cache | lost', '/gone.html | 200 | public, no-cache | home')

/** Stands where the sidecar's socket is, and tells what arrives. */
const appInPython = `
import http.server, os, socketserver
class App(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def answer(self):
        self.rfile.read(int(self.headers.get('Content-Length') or 0))
        claims = ''.join(name for name in self.headers if name.lower() in ('x-original-url', 'x-forwarded-ssl')) or '-'
        seen = [self.headers.get(name) or '-' for name in ('X-Forwarded-For', 'X-Forwarded-Proto', 'X-Request-Id', 'X-Trimaran-Balancer', 'Host', 'X-Forwarded-Host', 'X-Forwarded-Port')] + [claims]
        body = ' '.join(['app', self.command, self.path] + seen).encode()
        self.send_response(404 if 'gone.js' in self.path or 'nowhere' in self.path else 200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = do_OPTIONS = answer
    def address_string(self): return 'nginx'
    def log_message(self, *words): pass
os.makedirs('/run/haproxy')
server = socketserver.ThreadingUnixStreamServer('/run/haproxy/app.sock', App)
os.chmod('/run/haproxy/app.sock', 0o666)
# nginx leaves before the end of an answer that it replaces.
server.handle_error = lambda *_: None
server.serve_forever()
`

const ask = `
ip link set lo up
ln -s releases/r1 /srv/web/current; ln -s releases/r0 /srv/web/older-1
python3 /app.py & 
until [ -S /run/haproxy/app.sock ]; do sleep 0.1; done
nginx 2>/dev/null
at() {
  head=$(curl -s -m 5 --interface 127.0.0.2 -o /tmp/body -w '%{http_code} | %header{cache-control}' "\${@:2}" "http://127.0.0.1$1")
  echo "$1 | $head | $(head -1 /tmp/body | tr -d '\\r')"
}
at /_trimaran/alive
at /
at / -X POST -d hello
at /style.css
at /style.css -X OPTIONS
at /about/
at /images/
at /images
at /app-3f9a1c2b.css
at /app-1a2b3c4d.css
at /gone.txt
at /gone.js
at /gone.js -X POST -d hello
at /nowhere.js
at /taken-over.js
at /_next/static/chunks/page.js
at /style.css -I
at /index.php
at /config.PHP.bak
at /page.jsp~
at /install.sh
to() { curl -s -m 5 --interface 127.0.0.2 -o /dev/null -w "$1 -> %header{location}\n" "http://127.0.0.1$1"; }
to /about
to /about?x=1
to /c%23
to '/%C3%BCber%20uns'
to //about
at /.env
at /.well-known/security.txt
at '/a%2fb?c=%20d' -H 'Host: example.com'
at '/from-balancer' -H 'Host: internal' -H 'X-Request-Id: given' -H 'X-Forwarded-For: 203.0.113.7' -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-Host: example.com' -H 'X-Forwarded-Port: 8443' -H 'X-Trimaran-Balancer: lb-1' -H 'X-Original-URL: /forged' -H 'X-Forwarded-Ssl: on'
at /style.css --interface 127.0.0.1 -H 'X-Forwarded-For: 203.0.113.7'
at /_trimaran/alive --interface 127.0.0.1
at /anything --interface 127.0.0.1 -X POST
kill %1
nginx -s stop 2>/dev/null
`

const answers = `
/_trimaran/alive | 200 |  | alive
/ | 200 | public, no-cache | home
/ | 200 |  | app POST / 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/style.css | 200 | public, no-cache | body {}
/style.css | 200 |  | app OPTIONS /style.css 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/about/ | 200 | public, no-cache | about
/images/ | 200 |  | app GET /images/ 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/images | 200 |  | app GET /images 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/app-3f9a1c2b.css | 200 | public, max-age=31536000, immutable | new
/app-1a2b3c4d.css | 200 | public, max-age=31536000, immutable | old
/gone.txt | 200 |  | app GET /gone.txt 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/gone.js | 200 | public, no-cache | gone
/gone.js | 404 |  | app POST /gone.js 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/nowhere.js | 404 |  | app GET /nowhere.js 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/taken-over.js | 200 |  | app GET /taken-over.js 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/_next/static/chunks/page.js | 200 | public, max-age=31536000, immutable | old
/style.css | 200 | public, no-cache | HTTP/1.1 200 OK
/index.php | 200 |  | app GET /index.php 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/config.PHP.bak | 200 |  | app GET /config.PHP.bak 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/page.jsp~ | 200 |  | app GET /page.jsp~ 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/install.sh | 200 | public, no-cache | #!/bin/sh
/about -> /about/
/about?x=1 -> /about/?x=1
/c%23 -> /c%23/
/%C3%BCber%20uns -> /%C3%BCber%20uns/
//about -> /about/
/.env | 200 |  | app GET /.env 127.0.0.2 http OWN-ID - 127.0.0.1 127.0.0.1 - -
/.well-known/security.txt | 200 | public, no-cache | Contact
/a%2fb?c=%20d | 200 |  | app GET /a%2fb?c=%20d 127.0.0.2 http OWN-ID - example.com example.com - -
/from-balancer | 200 |  | app GET /from-balancer 203.0.113.7 https given lb-1 internal example.com 8443 -
/style.css | 403 |  | <html>
/_trimaran/alive | 403 |  | <html>
/anything | 403 |  | <html>
`
