import { describe, expect, it } from 'vitest'
import { firewall } from '../../src/components/firewall/index.ts'
import { components } from '../../src/components/index.ts'
import { contextFor, nineServers, serverNamed, stackFrom } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const nine = nineServers(components)

const files: Readonly<Record<string, string>> = Object.fromEntries(
  firewall.render(contextFor(nine, 'db-2')).flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
)
const rules = '/etc/trimaran/firewall.nft'
const program = 'bash /usr/local/lib/trimaran/firewall'
const holds = (when: string): string => `${program} holds && echo '${when}: held' || echo '${when}: not held'`

describe.skipIf(!hasStockedImage())('the firewall', () => {
  it('loads its rules, and notices that somebody took them away', async () => {
    const { output } = await inImage(
      `
      ${holds('before')}
      ${program} load; ${holds('loaded')}
      nft add table inet filter
      nft 'add chain inet filter input { type filter hook input priority 0; policy drop; }'
      nft 'add chain inet filter forward { type filter hook forward priority 0; policy drop; }'
      nft add table ip nat
      nft 'add chain ip nat output { type nat hook output priority 0; }'
      bash /ask 2>/dev/null | grep -a other
      nft flush ruleset; ${holds('flushed')}
      ${program} start; ${holds('started')}
      nft add rule inet trimaran incoming tcp dport 2379 accept; ${holds('opened')}
      `,
      { ...files, '/ask': firewall.health.ask(serverNamed(nine, 'db-2'), nine).text },
    )
    expect(output.trim().split('\n')).toEqual([
      'before: not held',
      'loaded: held',
      'other\tinet filter',
      'flushed: not held',
      'started: held',
      'opened: not held',
    ])
  })

  it('goes on admitting whoever leaves, until the rules are loaded anew', async () => {
    const { output } = await inImage(
      `
      ${program} load
      sed -i 's/, 198.18.0.193//' ${rules}
      ${program} admit; nft list table inet trimaran | grep -q 198.18.0.193 && echo admitted
      ${program} load; nft list table inet trimaran | grep -q 198.18.0.193 || echo 'turned away'
      `,
      files,
    )
    expect(files[rules]).toContain(', 198.18.0.193')
    expect(output.trim().split('\n')).toEqual(['admitted', 'turned away'])
  })

  it('takes on another rule for SSH at once, and no other that refuses', async () => {
    const limited = stackFrom(components, {
      name: 'shop',
      balancer: { servers: 2 },
      web: { servers: 1 },
      app: { servers: 1, start: 'node server.js' },
      database: { servers: 1 },
      ssh: { from: ['203.0.113.7', '2001:db8::/32'] },
    })
    const [later] = firewall.render(contextFor(limited, 'db-1')).filter((one) => 'path' in one && one.path === rules)
    const { output } = await inImage(
      `
      ${program} load
      cp /later ${rules}
      ${program} admit
      nft list chain inet trimaran incoming | grep -c 'tcp dport 22 '
      nft list set inet trimaran ssh | grep -o 203.0.113.7
      nft list set inet trimaran ssh-ip6 | grep -o 2001:db8::/32
      sed -i 's/203.0.113.7/203.0.113.8/' ${rules}
      ${program} admit
      nft list set inet trimaran ssh | grep -o '203.0.113.[78]'
      nft list set inet trimaran in-tcp-5432 | grep -o 198.18.0.192
      `,
      { ...files, '/later': (later as { content: string }).content },
    )
    expect(output.trim().split('\n')).toEqual(['2', '203.0.113.7', '2001:db8::/32', '203.0.113.8', '198.18.0.192'])
  })
})
