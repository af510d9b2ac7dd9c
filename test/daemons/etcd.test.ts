import { describe, expect, it } from 'vitest'
import { etcd } from '../../src/components/etcd/index.ts'
import { contextFor, fiveServers, nineServers } from '../../src/components/testing/stacks.ts'
import { places } from '../../src/components/etcd/places.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const filesOf = (stack: ReturnType<typeof fiveServers>, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    etcd.render(contextFor(stack, name)).flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
  )

/** etcd has no checker: it is started as its unit starts it, with its address on loopback, and asked until it answers. */
const start = (address: string, answer: string): string => `
  ip link set lo up && ip addr add ${address}/32 dev lo
  set -a; . /etc/default/etcd; . ${places.votes}; set +a
  timeout 20 bash ${places.start} >/tmp/log 2>&1 &
  for attempt in $(seq 100); do
    { curl -s -m 1 http://127.0.0.1:2381/health; cat /tmp/log; } | grep -m 1 -oE ${answer} && break
    sleep 0.1
  done
  grep -iE '"level":"(warn|error|fatal)"' /tmp/log | grep -iE 'unrecognized|conflict|invalid|deprecat'
  kill %1
  wait
`

describe.skipIf(!hasStockedImage())('etcd', () => {
  it('founds the votes as the only one', async () => {
    const script = start('198.18.0.191', `'"health":"true"'`)
    const { output } = await inImage(script, filesOf(fiveServers([etcd]), 'db-1'))
    expect(output.trim()).toBe('"health":"true"')
  })

  it('waits, and says for whom, as one of three that is not the founder', async () => {
    const script = start('198.18.0.192', `'waits for .*'`)
    const { output } = await inImage(script, filesOf(nineServers([etcd]), 'db-2'))
    expect(output.trim()).toMatch(/^waits for/)
  })

  it('has a sound unit', async () => {
    const files = filesOf(nineServers([etcd]), 'db-2')
    const { output } = await inImage(
      `chmod 755 ${places.start}; systemd-analyze verify --man=no etcd.service 2>&1 | grep -i etcd`,
      files,
    )
    expect(output).toBe('')
  })
})
