// What HAProxy is put through in a container: each a script that prints what became of the requests.

/** Starts it as its unit does, and waits until it answers. */
const startHaproxy = `haproxy -W -D -f /etc/haproxy/haproxy.cfg -S /run/haproxy-master.sock >/dev/null 2>&1
for i in $(seq 50); do curl -fsS -m 1 -o /dev/null http://127.0.0.1:8404/alive && break; sleep 0.1; done 2>/dev/null`

interface Scene {
  /** Of this machine, at which nginx stands for the servers behind. */
  readonly addresses: readonly string[]
  readonly nginx: string
  /** What must be there before nginx starts. */
  readonly before?: string
  readonly script: string
}

/** HAProxy in front of nginx. */
const withNginx = ({ addresses, nginx, before = '', script }: Scene): string => `
ip link set lo up
for address in ${addresses.join(' ')}; do ip address add $address dev lo 2>/dev/null; done
mkdir -p /run/haproxy
cat >/etc/nginx/nginx.conf <<'END'
${nginx}
END
${before}
nginx
${startHaproxy}
${script}
nginx -s stop; kill $(pidof haproxy) 2>/dev/null; true
`

const webServers = ['127.0.0.31', '127.0.0.32']

/**
 * A primary that loses its power while clients are just being connected to it. It lives at an address of a link that leads
 * nowhere; once the address is gone, what is sent there vanishes, as with any server without power.
 */
export const powerLossScript = `
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

export const spreadScript = withNginx({
  addresses: webServers,
  nginx: `events {}
http { access_log off;
  map $http_x_real_ip $forged { default $http_x_real_ip; "" none; }
  server { listen 127.0.0.31:81; location / { return 200 "one $http_x_forwarded_for id $http_x_request_id balancer $http_x_trimaran_balancer forged $forged\\n"; } }
  server { listen 127.0.0.32:81; location / { return 200 "two $http_x_forwarded_for id $http_x_request_id balancer $http_x_trimaran_balancer forged $forged\\n"; } } }`,
  script: `curl -s 'http://127.0.0.1/[1-400]' >/tmp/answers
echo "one $(grep -c ^one /tmp/answers) two $(grep -c ^two /tmp/answers)"
curl -s -H 'X-Forwarded-For: 6.6.6.6' -H 'X-Real-IP: 6.6.6.6' -H 'X-Request-Id: mine' http://127.0.0.1/ | sed 's/^[a-z]* /visitor /'
nginx -s stop; sleep 2.5
echo "alone $(curl -s -m 8 -o /tmp/page -w '%{http_code}' http://127.0.0.1/)"; cat /tmp/page
(sleep 1; nginx) &
echo "waited $(curl -s -m 8 -o /dev/null -w '%{http_code}' -d x http://127.0.0.1/)"; nginx -s stop`,
})

/** One of two web servers lost its app server in the middle of every request. */
export const repeatScript = withNginx({
  addresses: webServers,
  nginx: `events {}
http { access_log off;
  server { listen 127.0.0.31:81; location / { return 444; } location /_trimaran { return 200; } }
  server { listen 127.0.0.32:81; location / { return 200; } } }`,
  script: `sleep 1.2
ask() { for i in $(seq 20); do curl -s -m 8 -o /dev/null -w '%{http_code}\n' "$@" http://127.0.0.1/; done | sort | uniq -c | xargs; }
echo "reads: $(ask)"
echo "writes with a key: $(ask -d x=1 -H 'Idempotency-Key: one')"
echo "writes: $(ask -d x=1)"`,
})

/** What works on some requests ends with them, on both web servers, or says 502 itself; how often each was sent is counted. */
export const harmScript = withNginx({
  addresses: webServers,
  nginx: `events {}
http { log_format id '$http_x_request_id'; map $uri $is_asked { default 1; /_trimaran/alive 0; / 0; }
  access_log /tmp/asked id if=$is_asked;
  server { listen 127.0.0.31:81; listen 127.0.0.32:81; location / { return 200; } location /ends { add_header X-Trimaran-Lost yes always; return 425; } location /own { return 502; } } }`,
  script: `sleep 1.5
harm() {
  : >/tmp/asked
  said=$(for i in $(seq 5); do curl -s -m 8 -o /dev/null -w '%{http_code} ' "\${@:2}"; done)
  sleep 0.3
  echo "$1: $(echo $said | xargs), each asked $(sort /tmp/asked | uniq -c | sort -rn | awk 'NR == 1 { print $1 }') times at most, $(wc -l </tmp/asked) in all"
}
harm 'GET /ends' http://127.0.0.1/ends
harm 'GET /own' http://127.0.0.1/own
curl -s -Z --parallel-max 20 -o /dev/null 'http://127.0.0.1/[1-40]'
harm 'GET /ends kept' http://127.0.0.1/ends
harm 'GET /ends after another request' http://127.0.0.1/ -o /dev/null http://127.0.0.1/ends
harm 'PUT /ends' -X PUT -d x http://127.0.0.1/ends
harm 'POST /ends' -d x http://127.0.0.1/ends
harm 'POST /ends with a key' -H 'Idempotency-Key: one' -d x http://127.0.0.1/ends
sed -i '/server .*web-2/d; s/ rise 2/ rise 1/' /etc/haproxy/haproxy.cfg
perl /usr/local/lib/trimaran/reload-haproxy; sleep 1
harm 'GET /ends at one web server' http://127.0.0.1/ends`,
})

/** The app's port refuses on both servers for a second and a half, while their readiness goes on saying that all is well. */
export const crashScript = withNginx({
  addresses: ['127.0.0.111', '127.0.0.112'],
  nginx: `pid /run/readiness.pid;
events {}
http { access_log off;
  server { listen 127.0.0.111:3500; listen 127.0.0.112:3500; location / { return 200; } } }`,
  before: `cat >/etc/nginx/app.conf <<'END'
pid /run/app.pid;
events {}
http { access_log /tmp/asked;
  server { listen 127.0.0.111:3000; listen 127.0.0.112:3000; location / { return 200; } location /ends { return 444; } } }
END
nginx -c /etc/nginx/app.conf`,
  script: `sleep 1.5
ask() { curl -s -m 10 -o /dev/null -w "%{http_code} $3\\n" --unix-socket /run/haproxy/app.sock -X "$1" "http://app$2"; }
for i in $(seq 60); do
  # What is under way at that very moment is lost by right, and told so: that is the next case.
  case $i in 10) wait; nginx -c /etc/nginx/app.conf -s stop; sleep 0.2 ;; 40) nginx -c /etc/nginx/app.conf ;; esac
  case $((i % 2)) in 0) ask GET / ;; 1) ask POST / ;; esac >>/tmp/answers &
  sleep 0.05
done
sleep 5.5
echo "answers: $(sort /tmp/answers | uniq -c | sed 's/^ *//; s/ *$//')"
echo "ended in the middle: $(ask GET /ends 'to the visitor'), asked $(grep -c /ends /tmp/asked) times"
nginx -c /etc/nginx/app.conf -s stop; nginx -s stop; sleep 2
echo "nobody for long: $(ask GET / 'after %{time_total}')"`,
})

export const newcomerScript = withNginx({
  addresses: webServers,
  nginx: `events {}
http { access_log off;
  server { listen 127.0.0.31:81; location / { return 200 "old\\n"; } }
  server { listen 127.0.0.32:81; include /etc/nginx/new; } }`,
  before: `echo 'location / { return 503 "new\\n"; }' >/etc/nginx/new`,
  script: `visit() { curl -s "http://127.0.0.1/[1-$2]" >/tmp/answers; echo "$1 $(grep -c ^old /tmp/answers) new $(grep -c ^new /tmp/answers)"; }
visit before 400
cp /etc/haproxy/haproxy.cfg.later /etc/haproxy/haproxy.cfg
perl /usr/local/lib/trimaran/reload-haproxy && visit unwell 400
sleep 1.5; visit still 400
perl /usr/local/lib/trimaran/ask-haproxy show stat | awk -F, '$2 ~ /web-2/ { print $2, $18 }'
echo 'location / { return 200 "new\\n"; }' >/etc/nginx/new; nginx -s reload
for i in $(seq 40); do curl -s -m 1 http://127.0.0.1/ | grep -q new && break; sleep 0.1; done
visit early 100; sleep 5.5; visit late 100
perl /usr/local/lib/trimaran/reload-haproxy && visit again 100`,
})
