import { describe, expect, it } from 'vitest'
import { haproxy } from '../../src/components/haproxy/index.ts'
import { components } from '../../src/components/index.ts'
import { busyServers, contextFor, fiveServers, nineServers } from '../../src/components/testing/stacks.ts'
import type { File } from '../../src/resources/resource.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const nine = nineServers(components)
const stacks = {
  five: fiveServers(components),
  nine,
  busy: busyServers(components),
  known: { ...nine, declared: { ...nine.declared, app: { ...nine.declared.app, idempotencyKey: true } } },
}

const filesOf = (stack: keyof typeof stacks, server: string): readonly File[] =>
  haproxy.render(contextFor(stacks[stack], server)).filter((resource): resource is File => resource.kind === 'file')

const configPath = '/etc/haproxy/haproxy.cfg'

/** All files of a server by their paths, its config with other addresses: those that its script gives to this machine. */
const filesHere = (
  server: string,
  addresses: readonly (readonly [from: string, to: string])[],
  stack: keyof typeof stacks = 'nine',
) => {
  const files = Object.fromEntries(filesOf(stack, server).map(({ path, content }) => [path, content]))
  const config = addresses.reduce((text, [from, to]) => text.replaceAll(from, to), files[configPath]!)
  return { ...files, [configPath]: config } as Readonly<Record<string, string>>
}
const webServersHere = [
  ['198.18.0.31:80', '127.0.0.31:81'],
  ['198.18.0.32:80', '127.0.0.32:81'],
] as const

const staged = (files: readonly File[]) =>
  Object.fromEntries(files.map(({ path, content }) => [`/staged${path}`, content]))

describe.skipIf(!hasStockedImage())('HAProxy itself', () => {
  it.each([
    ['five', 'lb-1'],
    ['five', 'web-1'],
    ['five', 'app-1'],
    ['nine', 'lb-1'],
    ['nine', 'web-1'],
    ['nine', 'app-1'],
    ['busy', 'lb-2'],
    ['busy', 'web-1'],
  ] as const)('accepts all files of the %s servers on %s, without a warning', async (stack, server) => {
    const files = filesOf(stack, server)
    const checks = files.flatMap(({ path, check }) => (check ? [`file=/staged${path}\n${check.text}`] : []))
    const script = `set -e\nrm -rf /etc/haproxy/pages\n${checks.join('\n')}`
    const { code, output } = await inImage(script, staged(files))
    expect({ code, output: output.replaceAll(/.* syntax OK\n/g, '') }).toEqual({ code: 0, output: '' })
    const config = files.find(({ path }) => path.endsWith('haproxy.cfg'))!
    const pages = files.filter(({ path }) => /\.(?:html|lua)$/.test(path))
    const loud = await inImage(
      'haproxy -c -f /etc/haproxy/haproxy.cfg',
      Object.fromEntries([config, ...pages].map(({ path, content }) => [path, content])),
    )
    expect(loud.code).toBe(0)
    expect(loud.output).not.toMatch(/WARNING|ALERT|arning/)
  })

  it('refuses a broken file', async () => {
    const [config] = filesOf('nine', 'lb-1').filter(({ path }) => path.endsWith('haproxy.cfg'))
    const broken = config!.content.replace('balance roundrobin', 'balance roundrobbin')
    const { code, output } = await inImage(`file=/staged${config!.path}\n${config!.check!.text}`, {
      ...staged(filesOf('nine', 'lb-1')),
      [`/staged${config!.path}`]: broken,
    })
    expect(code).not.toBe(0)
    expect(output).toContain('balance only supports')
  })

  it('runs under a unit that systemd accepts', async () => {
    const dropIn = filesOf('nine', 'lb-1').find(({ path }) => path.endsWith('60-trimaran.conf'))!
    const script = filesOf('nine', 'lb-1').find(({ path }) => path.endsWith('reload-haproxy'))!
    const { code, output } = await inImage(
      `chmod +x ${script.path}; systemd-analyze verify --man=no --recursive-errors=no haproxy.service`,
      { [dropIn.path]: dropIn.content, [script.path]: script.content },
    )
    expect({ code, output }).toEqual({ code: 0, output: '' })
  })

  it('spreads evenly, says who the visitor is, and answers itself when nobody else does', async () => {
    const { output } = await inImage(spreadScript, filesHere('lb-1', webServersHere))
    expect(output).toContain('one 200 two 200')
    expect(output).toMatch(/visitor 127\.0\.0\.1 id [0-9a-f-]{36} balancer lb-1 forged none/)
    expect(output).toContain('alone 503')
    expect(output).toMatch(/<code>[0-9a-f-]{36}<\/code>/)
    expect(output).toContain('waited 200')
  })

  it('sends again what HTTP allows, or what says itself that it may be, and nothing else', async () => {
    const { output } = await inImage(repeatScript, filesHere('lb-1', webServersHere))
    expect(output).toContain('reads: 20 200\n')
    expect(output).toContain('writes with a key: 10 200 10 502\n')
    expect(output).toContain('writes: 10 200 10 502\n')
  })

  it('believes an Idempotency-Key where the app knows it', async () => {
    const { output } = await inImage(repeatScript, filesHere('lb-1', webServersHere, 'known'))
    expect(output).toContain('writes with a key: 20 200\n')
    expect(output).toContain('writes: 10 200 10 502\n')
  })

  it('sends a request to one more server at most, however it ends what works on it', async () => {
    const { output } = await inImage(harmScript, filesHere('lb-1', webServersHere, 'known'))
    // Without an answer, with half of one, as a web server that lost its app server, and over connections that were open before.
    for (const way of ['/ends', '/lost', '/ends kept'])
      expect(output, output).toContain(`GET ${way}: 502 502 502 502 502, each asked 2 times at most, 10 in all\n`)
    expect(output).toContain('PUT /ends: 502 502 502 502 502, each asked 2 times at most, 10 in all\n')
    expect(output).toContain('POST /ends: 502 502 502 502 502, each asked 1 times at most, 5 in all\n')
    expect(output).toContain('POST /ends with a key: 502 502 502 502 502, each asked 2 times at most, 10 in all\n')
    expect(output).toContain(
      'GET /ends at one web server: 502 502 502 502 502, each asked 2 times at most, 10 in all\n',
    )
  })

  it('sends nothing to a server that a reload brings until its checks say it is well, and then little by little', async () => {
    const files = filesHere('lb-1', webServersHere)
    const later = files[configPath]!
    const { output } = await inImage(newcomerScript, {
      ...files,
      [`${configPath}.later`]: later,
      [configPath]: later.replace(/^ *server (?:retry-)?web-2 .*\n/gm, ''),
    })
    expect(output).toContain('before 400 new 0')
    expect(output).toContain('unwell 400 new 0')
    expect(output).toContain('still 400 new 0')
    expect(output).toMatch(/^web-2 DOWN\nretry-web-2 DOWN/m)
    expect(Number(/early \d+ new (\d+)/.exec(output)?.[1])).toBeLessThan(40)
    expect(output).toContain('late 50 new 50')
    // One that was met before keeps its share over a reload.
    expect(output).toContain('again 50 new 50')
  })

  it('keeps requests while the app crashes on all servers at once, and sends to an app server nothing twice', async () => {
    const { output } = await inImage(crashScript, filesHere('web-1', [['198.18.0.11', '127.0.0.11']]))
    expect(output).toContain('answers: 60 200\n')
    expect(output).toContain('ended in the middle: 502 to the visitor, asked 1 times')
    expect(output).toMatch(/nobody for long: 503 after [567]\./)
  }, 60_000)

  it('holds on to no client when a primary loses its power while clients are being connected to it', async () => {
    const { output } = await inImage(powerLossScript, filesHere('app-1', [['198.18.0.19', '10.99.0.19']]))
    expect(output).toContain('served 5')
    expect(output).toContain('left 0 of 65')
  }, 60_000)
})

/** Starts it as its unit does, and waits until it answers. */
const startHaproxy = `haproxy -W -D -f /etc/haproxy/haproxy.cfg -S /run/haproxy-master.sock >/dev/null 2>&1
for i in $(seq 50); do curl -fsS -m 1 -o /dev/null http://127.0.0.1:8404/alive && break; sleep 0.1; done 2>/dev/null`

/**
 * A primary that loses its power while clients are just being connected to it. It lives at an address of a link that leads
 * nowhere; once the address is gone, what is sent there vanishes, as with any server without power.
 */
const powerLossScript = `
ip link set lo up
ip link add dead type veth peer name nowhere && ip link set nowhere up && ip link set dead up
ip address add 10.99.0.1/24 dev dead && ip address add 10.99.0.191/24 dev dead
ip neighbour replace 10.99.0.191 lladdr 02:00:00:00:00:01 dev dead nud permanent
mkdir -p /run/haproxy
cat >/tmp/primary <<'END'
use strict; use warnings; use IO::Socket::INET; use IO::Select;
my @open = map { IO::Socket::INET->new(LocalAddr => '10.99.0.191', LocalPort => $_, Listen => 100, ReuseAddr => 1) or die } 5432, 8008;
my $select = IO::Select->new(@open);
while (my @ready = $select->can_read) {
  for my $socket (@ready) {
    if ($socket == $open[0]) { $select->add($socket->accept); next }
    if ($socket == $open[1]) { my $asks = $socket->accept; sysread $asks, my $question, 4096; print $asks "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"; close $asks; next }
    my $words; sysread($socket, $words, 4096) ? syswrite($socket, $words) : do { $select->remove($socket); close $socket };
  }
}
END
cat >/tmp/clients <<'END'
use strict; use warnings; use IO::Socket::INET; use IO::Select; use Time::HiRes qw(sleep time);
my (%clients, $ended);
sub client { my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => 5432) or return; syswrite $socket, 'x'; $clients{$socket} = $socket }
client() for 1 .. 5;
sleep 0.5;
print 'served ', scalar(grep { IO::Select->new($_)->can_read(0.5) && sysread($_, my $answer, 10) } values %clients), "\\n";
system 'ip address del 10.99.0.191/24 dev dead';
for (1 .. 60) { client(); sleep 0.05 }
my $select = IO::Select->new(values %clients);
my $deadline = time + 20;
while ($select->count && time < $deadline) { for my $socket ($select->can_read(0.2)) { $select->remove($socket); close $socket } }
print 'left ', $select->count, ' of ', scalar(keys %clients), "\\n";
END
perl /tmp/primary & primary=$!
${startHaproxy}
sleep 1.5
perl /tmp/clients
kill $primary $(pidof haproxy) 2>/dev/null; true
`

const spreadScript = `
ip link set lo up
ip address add 127.0.0.31 dev lo 2>/dev/null; ip address add 127.0.0.32 dev lo 2>/dev/null
mkdir -p /run/haproxy
cat >/etc/nginx/nginx.conf <<'END'
events {}
http { access_log off;
  map $http_x_real_ip $forged { default $http_x_real_ip; "" none; }
  server { listen 127.0.0.31:81; location / { return 200 "one $http_x_forwarded_for id $http_x_request_id balancer $http_x_trimaran_balancer forged $forged\\n"; } }
  server { listen 127.0.0.32:81; location / { return 200 "two $http_x_forwarded_for id $http_x_request_id balancer $http_x_trimaran_balancer forged $forged\\n"; } } }
END
nginx
${startHaproxy}
curl -s 'http://127.0.0.1/[1-400]' >/tmp/answers
echo "one $(grep -c ^one /tmp/answers) two $(grep -c ^two /tmp/answers)"
curl -s -H 'X-Forwarded-For: 6.6.6.6' -H 'X-Real-IP: 6.6.6.6' -H 'X-Request-Id: mine' http://127.0.0.1/ | sed 's/^[a-z]* /visitor /'
nginx -s stop; sleep 2.5
echo "alone $(curl -s -m 8 -o /tmp/page -w '%{http_code}' http://127.0.0.1/)"; cat /tmp/page
(sleep 1; nginx) &
echo "waited $(curl -s -m 8 -o /dev/null -w '%{http_code}' -d x http://127.0.0.1/)"; nginx -s stop
kill $(pidof haproxy) 2>/dev/null; true
`

/** One of two web servers lost its app server in the middle of every request. */
const repeatScript = `
ip link set lo up
ip address add 127.0.0.31 dev lo 2>/dev/null; ip address add 127.0.0.32 dev lo 2>/dev/null
mkdir -p /run/haproxy
cat >/etc/nginx/nginx.conf <<'END'
events {}
http { access_log off;
  server { listen 127.0.0.31:81; location / { return 502; } location /_trimaran { return 200; } }
  server { listen 127.0.0.32:81; location / { return 200; } } }
END
nginx
${startHaproxy}
sleep 1.2
ask() { for i in $(seq 20); do curl -s -m 8 -o /dev/null -w '%{http_code}\n' "$@" http://127.0.0.1/; done | sort | uniq -c | xargs; }
echo "reads: $(ask)"
echo "writes with a key: $(ask -d x=1 -H 'Idempotency-Key: one')"
echo "writes: $(ask -d x=1)"
nginx -s stop; kill $(pidof haproxy) 2>/dev/null; true
`

/** What works on some requests ends with them, on both web servers; how often each of them was sent is counted. */
const harmScript = `
ip link set lo up
ip address add 127.0.0.31 dev lo 2>/dev/null; ip address add 127.0.0.32 dev lo 2>/dev/null
mkdir -p /run/haproxy
cat >/etc/nginx/nginx.conf <<'END'
events {}
http { log_format id '$http_x_request_id'; map $uri $is_asked { default 1; /_trimaran/alive 0; / 0; }
  access_log /tmp/asked id if=$is_asked;
  server { listen 127.0.0.31:81; listen 127.0.0.32:81; location / { return 200; } location /ends { return 444; } location /lost { return 502; } } }
END
nginx
${startHaproxy}
sleep 1.5
harm() {
  : >/tmp/asked
  said=$(for i in $(seq 5); do curl -s -m 8 -o /dev/null -w '%{http_code} ' "\${@:2}"; done)
  sleep 0.3
  echo "$1: $(echo $said | xargs), each asked $(sort /tmp/asked | uniq -c | sort -rn | awk 'NR == 1 { print $1 }') times at most, $(wc -l </tmp/asked) in all"
}
harm 'GET /ends' http://127.0.0.1/ends
harm 'GET /lost' http://127.0.0.1/lost
curl -s -Z --parallel-max 20 -o /dev/null 'http://127.0.0.1/[1-40]'
harm 'GET /ends kept' http://127.0.0.1/ends
harm 'PUT /ends' -X PUT -d x http://127.0.0.1/ends
harm 'POST /ends' -d x http://127.0.0.1/ends
harm 'POST /ends with a key' -H 'Idempotency-Key: one' -d x http://127.0.0.1/ends
sed -i '/server .*web-2/d; s/ rise 2/ rise 1/' /etc/haproxy/haproxy.cfg
perl /usr/local/lib/trimaran/reload-haproxy; sleep 1
harm 'GET /ends at one web server' http://127.0.0.1/ends
nginx -s stop; kill $(pidof haproxy) 2>/dev/null; true
`

/** The app's port refuses on both servers for a second and a half, while their readiness goes on saying that all is well. */
const crashScript = `
ip link set lo up
for address in 127.0.0.111 127.0.0.112; do ip address add $address dev lo 2>/dev/null; done
mkdir -p /run/haproxy
cat >/etc/nginx/nginx.conf <<'END'
pid /run/readiness.pid;
events {}
http { access_log off;
  server { listen 127.0.0.111:3500; listen 127.0.0.112:3500; location / { return 200; } } }
END
cat >/etc/nginx/app.conf <<'END'
pid /run/app.pid;
events {}
http { access_log /tmp/asked;
  server { listen 127.0.0.111:3000; listen 127.0.0.112:3000; location / { return 200; } location /ends { return 444; } } }
END
nginx; nginx -c /etc/nginx/app.conf
${startHaproxy}
sleep 1.5
ask() { curl -s -m 10 -o /dev/null -w "%{http_code} $3\\n" --unix-socket /run/haproxy/app.sock -X "$1" "http://app$2"; }
for i in $(seq 60); do
  case $i in 10) nginx -c /etc/nginx/app.conf -s stop ;; 40) nginx -c /etc/nginx/app.conf ;; esac
  case $((i % 2)) in 0) ask GET / ;; 1) ask POST / ;; esac >>/tmp/answers &
  sleep 0.05
done
sleep 5.5
echo "answers: $(sort /tmp/answers | uniq -c | sed 's/^ *//; s/ *$//')"
echo "ended in the middle: $(ask GET /ends 'to the visitor'), asked $(grep -c /ends /tmp/asked) times"
nginx -c /etc/nginx/app.conf -s stop; nginx -s stop; sleep 2
echo "nobody for long: $(ask GET / 'after %{time_total}')"
kill $(pidof haproxy) 2>/dev/null; true
`

const newcomerScript = `
ip link set lo up
ip address add 127.0.0.31 dev lo 2>/dev/null; ip address add 127.0.0.32 dev lo 2>/dev/null
mkdir -p /run/haproxy
cat >/etc/nginx/nginx.conf <<'END'
events {}
http { access_log off;
  server { listen 127.0.0.31:81; location / { return 200 "old\\n"; } }
  server { listen 127.0.0.32:81; include /etc/nginx/new; } }
END
echo 'location / { return 503 "new\\n"; }' >/etc/nginx/new
nginx
${startHaproxy}
visit() { curl -s "http://127.0.0.1/[1-$2]" >/tmp/answers; echo "$1 $(grep -c ^old /tmp/answers) new $(grep -c ^new /tmp/answers)"; }
visit before 400
cp /etc/haproxy/haproxy.cfg.later /etc/haproxy/haproxy.cfg
perl /usr/local/lib/trimaran/reload-haproxy && visit unwell 400
sleep 1.5; visit still 400
perl /usr/local/lib/trimaran/ask-haproxy show stat | awk -F, '$2 ~ /web-2/ { print $2, $18 }'
echo 'location / { return 200 "new\\n"; }' >/etc/nginx/new; nginx -s reload
for i in $(seq 40); do curl -s -m 1 http://127.0.0.1/ | grep -q new && break; sleep 0.1; done
visit early 100; sleep 5.5; visit late 100
perl /usr/local/lib/trimaran/reload-haproxy && visit again 100
nginx -s stop; kill $(pidof haproxy) 2>/dev/null; true
`
