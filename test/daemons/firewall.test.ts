import { describe, expect, it } from 'vitest'
import { firewall } from '../../src/components/firewall/index.ts'
import { components } from '../../src/components/index.ts'
import { contextFor, nineServers } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const files: Readonly<Record<string, string>> = Object.fromEntries(
  firewall
    .render(contextFor(nineServers(components), 'db-2'))
    .flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
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
      nft flush ruleset; ${holds('flushed')}
      ${program} start; ${holds('started')}
      nft add rule inet trimaran incoming tcp dport 2379 accept; ${holds('opened')}
      `,
      files,
    )
    expect(output.trim().split('\n')).toEqual([
      'before: not held',
      'loaded: held',
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
})
