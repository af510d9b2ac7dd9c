import { describe, expect, it } from 'vitest'
import { callerFiles, etcd } from '../../src/components/etcd/index.ts'
import { contextFor, fiveServers, nineServers } from '../../src/components/testing/stacks.ts'
import { paths } from '../../src/components/etcd/paths.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const filesOf = (stack: ReturnType<typeof fiveServers>, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    etcd.render(contextFor(stack, name)).flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
  )

/** etcd has no checker: it is started as its unit starts it, with its address on loopback, and asked until it answers. */
const start = (address: string, answer: string, then = ''): string => `
  ip link set lo up && ip addr add ${address}/32 dev lo
  chown -R root:etcd /etc/trimaran/etcd && chmod 640 /etc/trimaran/etcd/*.key
  set -a; . /etc/default/etcd; . ${paths.memberList}; set +a
  install -d -o etcd -g etcd /var/lib/etcd
  timeout 30 runuser -u etcd -- bash ${paths.start} >/tmp/log 2>&1 &
  for attempt in $(seq 100); do
    { curl -s -m 1 http://127.0.0.1:2381/health; cat /tmp/log; } | grep -m 1 -oE ${answer} && break
    sleep 0.1
  done
  grep -iE '"level":"(warn|error|fatal)"' /tmp/log | grep -iE 'unrecognized|conflict|invalid|deprecat'
  ${then}
  kill %1
  wait
`

describe.skipIf(!hasStockedImage())('etcd', () => {
  it('bootstraps etcd as the only one', async () => {
    const script = start('198.18.0.191', `'"health":"true"'`)
    const { output } = await inImage(script, filesOf(fiveServers([etcd]), 'db-1'))
    expect(output.trim()).toBe('"health":"true"')
  })

  it('waits, and says for whom, as one of three that is not the bootstrap member', async () => {
    const script = start('198.18.0.192', `'waits for .*'`)
    const { output } = await inImage(script, filesOf(nineServers([etcd]), 'db-2'))
    expect(output.trim()).toMatch(/^waits for/)
  })

  it('lets in who shows a certificate of this stack, each at its own port, and nobody else', async () => {
    const stack = fiveServers([etcd])
    const at = { authority: '/tmp/ca', certificate: '/tmp/client.crt', key: '/tmp/client.key' }
    const client = callerFiles(contextFor(stack, 'db-1'), { name: 'patroni', group: 'postgres', paths: at })
    const files = {
      ...filesOf(stack, 'db-1'),
      ...Object.fromEntries(client.map(({ path, content }) => [path, content])),
    }
    const script = start(
      '198.18.0.191',
      `'"health":"true"'`,
      `
      c=${paths.own.authority} p=${paths.peer.authority}
      openssl verify -x509_strict -CAfile $c -purpose sslserver -verify_ip 198.18.0.191 ${paths.own.certificate}
      openssl verify -x509_strict -CAfile $c -purpose sslclient /tmp/client.crt
      openssl verify -x509_strict -CAfile $p -purpose sslclient ${paths.peer.certificate}
      client="--cert /tmp/client.crt --key /tmp/client.key" own="--cert ${paths.own.certificate} --key ${paths.own.key}"
      peer="--cert ${paths.peer.certificate} --key ${paths.peer.key}"
      tell() { echo "$1 $(curl -s -m 3 --http1.1 -o /tmp/said -w '%{http_code}' "\${@:2}") $(head -c 12 /tmp/said 2>/dev/null | tr -d '\\n')"; rm -f /tmp/said; }
      write="https://127.0.0.1:2379/v3/kv/put -d {\\"key\\":\\"Zm9v\\",\\"value\\":\\"YmFy\\"}"
      tell client --cacert $c $client $write
      tell member --cacert $c $own $write
      tell nobody --cacert $c $write
      tell stranger --cacert $c $peer $write
      tell clear -X POST http://127.0.0.1:2379/v3/kv/range
      tell peer --cacert $p $peer https://198.18.0.191:2380/members
      tell peer-by-client --cacert $p $client https://198.18.0.191:2380/members
      tell peer-by-nobody --cacert $p https://198.18.0.191:2380/members
      tell v2 --cacert $c $client https://127.0.0.1:2379/v2/keys/foo
      tell debug --cacert $c $client https://127.0.0.1:2379/debug/pprof/
      for path in metrics health version v2/keys v3/kv/range v3/kv/put v3/maintenance/status debug/pprof/ debug/vars members; do
        tell "figures /$path" -X POST -d '{"key":"Zm9v","value":"YmFy"}' http://127.0.0.1:2381/$path
      done
      . ${paths.etcdctl}; echo "etcdctl $(etcdctl get foo | tr '\\n' ' ')"
      `,
    )
    const { output } = await inImage(script, files)
    const told = new Map(
      output
        .trim()
        .split('\n')
        .map((line) => [line.split(/[ :] */)[0]!, line] as const),
    )
    const outcome = (name: string): string | undefined => told.get(name)?.slice(name.length).trim()
    for (const path of [paths.own.certificate, '/tmp/client.crt', paths.peer.certificate])
      expect(outcome(path), output).toBe(': OK')
    for (const may of ['client', 'member']) expect(outcome(may), output).toMatch(/^200 \{"header/)
    expect(outcome('peer'), output).toMatch(/^200 \[/)
    expect(outcome('etcdctl'), output).toBe('foo bar')
    const strangers = ['nobody', 'stranger', 'clear', 'peer-by-client', 'peer-by-nobody']
    for (const stranger of strangers) expect(outcome(stranger), output).toBe('000')
    for (const gone of ['v2', 'debug']) expect(outcome(gone), output).toMatch(/^404/)
    const figures = output.matchAll(/^figures (\S+) (\d+)/gm)
    const open = [...figures].filter(([, , status]) => status !== '404').map(([, path, status]) => `${path} ${status}`)
    expect(open, output).toEqual(['/metrics 200', '/health 405'])
  })

  it('has a sound unit', async () => {
    const files = filesOf(nineServers([etcd]), 'db-2')
    const { output } = await inImage(
      `chmod 755 ${paths.start}; systemd-analyze verify --man=no etcd.service 2>&1 | grep -i etcd`,
      files,
    )
    expect(output).toBe('')
  })
})
