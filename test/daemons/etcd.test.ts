import { describe, expect, it } from 'vitest'
import { etcd } from '../../src/components/etcd/index.ts'
import { contextFor, fiveServers, nineServers } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const filesOf = (stack: ReturnType<typeof fiveServers>, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    etcd.render(contextFor(stack, name)).flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
  )

/** etcd has no checker: it is started, with its address on loopback, and asked until it answers. */
const start = (address: string): string => `
  ip link set lo up && ip addr add ${address}/32 dev lo
  set -a; . /etc/default/etcd; . /etc/default/etcd-first-start; set +a
  timeout 20 etcd >/tmp/log 2>&1 &
  for attempt in $(seq 100); do
    curl -s -m 1 http://127.0.0.1:2381/health | grep -E "$1" && break
    sleep 0.1
  done
  grep -iE '"level":"(warn|error|fatal)"' /tmp/log | grep -iE 'unrecognized|conflict|invalid|deprecat'
  kill %1
  wait
`

describe.skipIf(!hasStockedImage())('etcd', () => {
  it('starts as the only vote', async () => {
    const script = `set -- 'true'; ${start('198.18.0.191')}`
    const { output } = await inImage(script, filesOf(fiveServers([etcd]), 'db-1'))
    expect(output.trim()).toBe('{"health":"true","reason":""}')
  })

  it('starts as one of three and says that it waits for the others', async () => {
    const script = `set -- 'NO LEADER'; ${start('198.18.0.192')}`
    const { output } = await inImage(script, filesOf(nineServers([etcd]), 'db-2'))
    expect(output.trim()).toBe('{"health":"false","reason":"RAFT NO LEADER"}')
  })

  it('has a sound unit', async () => {
    const files = filesOf(nineServers([etcd]), 'db-2')
    const { output } = await inImage('systemd-analyze verify --man=no etcd.service 2>&1 | grep -i etcd', files)
    expect(output).toBe('')
  })
})
