import { describe, expect, it } from 'vitest'
import { app } from '../../src/components/app/index.ts'
import { firewall } from '../../src/components/firewall/index.ts'
import { components } from '../../src/components/index.ts'
import { contextFor, inputOf, nine, stackFrom } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const dnsmasq = '/usr/sbin/dnsmasq'
const input = inputOf(nine)

/** What the app and the firewall place on an app server whose app may call these hosts. */
function filesFor(outbound: readonly string[]): Readonly<Record<string, string>> {
  const context = contextFor(stackFrom(components, { ...input, app: { ...input.app, outbound } }), 'app-1')
  const resources = [...app.render(context), ...firewall.render(context)]
  return Object.fromEntries(resources.flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])))
}

/** All names of the internet, as the resolver of the server knows them. */
const upstream = `
listen-address=127.0.0.77
bind-interfaces
no-resolv
no-hosts
pid-file
local=/#/
host-record=api.example.com,203.0.113.9,2001:db8::9
host-record=edge.example.net,203.0.113.10
cname=cdn.example.com,edge.example.net
host-record=inside.example.com,10.77.0.9
host-record=other.example.com,203.0.113.11
host-record=sub.api.example.com,203.0.113.11
`

/** Another computer, which has all these addresses and listens at three ports of each; nothing leaves this network namespace. */
const world = `
exec 2>/tmp/err
printf '#!/bin/sh\\n' >/usr/bin/systemctl
useradd --system app
ip link set lo up
ip netns add far
ip link add near type veth peer name far netns far
ip address add 198.51.100.1/24 dev near; ip link set near up; ip route add default via 198.51.100.2
ip netns exec far ip link set far up
ip netns exec far ip address add 198.51.100.2/24 dev far
for one in 203.0.113.9 203.0.113.10 203.0.113.11 203.0.113.20 10.77.0.9 10.1.2.3; do ip netns exec far ip address add $one/32 dev far; done
ip netns exec far python3 -c '
import socket, time
held = [socket.create_server(("", port)) for port in (80, 443, 5432)]
time.sleep(60)' &
${dnsmasq} --conf-file=/upstream.conf
echo 'nameserver 127.0.0.77' >/etc/resolv.conf
nft -f /etc/trimaran/firewall.nft
reach='bash /usr/local/lib/trimaran/app-reach'
$reach load
as_app() { runuser -u app -- "$@"; }
names() { as_app getent ahostsv4 "$1" | awk '{ print $1; exit }' | grep . || echo nobody; }
call() { as_app timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" && echo "$1:$2 answers" || echo "$1:$2 is closed"; }
told() { nft list set inet trimaran_app_reach "$1" | grep -o '{ [0-9].*}'; }
`
const forwarder = `
setpriv --reuid=dnsmasq --regid=nogroup --clear-groups --inh-caps=-all,+net_admin,+net_bind_service \\
  --ambient-caps=-all,+net_admin,+net_bind_service --bounding-set=-all,+net_admin,+net_bind_service ${dnsmasq} --conf-file=/etc/trimaran/app-names.conf
`

async function said(script: string, outbound: readonly string[]): Promise<readonly string[]> {
  const files = { ...filesFor(outbound), '/upstream.conf': upstream }
  const { output } = await inImage(`${world}${script}`, files, dnsmasq)
  return output.trim().split('\n')
}

describe.skipIf(!hasStockedImage(dnsmasq))('an app that may call listed hosts only', { timeout: 60_000 }, () => {
  const names = ['api.example.com:443', 'cdn.example.com:443', 'inside.example.com:443']

  it('calls a name at the addresses that it was told, at its port alone', async () => {
    const script = `${forwarder}
      call 203.0.113.9 443
      names api.example.com; told to-api.example.com
      call 203.0.113.9 443; call 203.0.113.9 80; call 203.0.113.11 443
      names cdn.example.com; told to-cdn.example.com; call 203.0.113.10 443
      $reach check && echo 'as loaded'
      $reach load; told to-api.example.com; call 203.0.113.9 443
      nft add rule inet trimaran_app_reach pass accept; $reach check || echo changed
    `
    expect(await said(script, names)).toEqual([
      '203.0.113.9:443 is closed',
      '203.0.113.9',
      '{ 203.0.113.9 }',
      '203.0.113.9:443 answers',
      '203.0.113.9:80 is closed',
      '203.0.113.11:443 is closed',
      '203.0.113.10',
      '{ 203.0.113.10 }',
      '203.0.113.10:443 answers',
      'as loaded',
      '{ 203.0.113.9 }',
      '203.0.113.9:443 answers',
      'changed',
    ])
  })

  it('finds no other name, whatever server it asks, and none that leads inside', async () => {
    const script = `${forwarder}
      names other.example.com; names sub.api.example.com; names com
      echo 'options use-vc' >>/etc/resolv.conf; names other.example.com; names api.example.com
      printf 'nameserver 203.0.113.11\\n' >/tmp/resolv; mount --bind /tmp/resolv /etc/resolv.conf; names other.example.com
      umount /etc/resolv.conf; names inside.example.com; call 10.77.0.9 443
    `
    expect(await said(script, names)).toEqual([
      'nobody',
      'nobody',
      'nobody',
      'nobody',
      '203.0.113.9',
      'nobody',
      '10.77.0.9',
      '10.77.0.9:443 is closed',
    ])
  })

  it('calls addresses and networks, also private ones, and looks no name up', async () => {
    const script = `
      call 10.1.2.3 5432; call 10.1.2.3 80; call 203.0.113.20 443; call 203.0.113.9 443
      names api.example.com; getent ahostsv4 api.example.com | awk '{ print $1; exit }'
    `
    expect(await said(script, ['10.1.2.3:5432', '203.0.113.16/28:443'])).toEqual([
      '10.1.2.3:5432 answers',
      '10.1.2.3:80 is closed',
      '203.0.113.20:443 answers',
      '203.0.113.9:443 is closed',
      'nobody',
      '203.0.113.9',
    ])
  })
})
