import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failure } from './failure.ts'
import { type FailureTone, failureAsJson, renderFailure } from './render-failure.ts'

const failures = {
  full: failure('TRI-LAB-003', {
    what: 'web-2 did not come back after the reload',
    where: 'web-2',
    why: 'nginx: [emerg] unexpected "}" in /etc/nginx/nginx.conf:14\nnginx: configuration file test failed',
    state: 'web-2 was drained first, so no visitor saw this. web-1 still serves the old release.',
    next: 'fix the snippet, then `trimaran up`',
  }),
  'long-words': failure('TRI-CONFIG-001', {
    what: 'a headline that is so long that the code no longer finds a place beside it, and that goes on even then, to the end',
    why: `looked for /${'very-long-folder/'.repeat(9)}trimaran.config.ts, which is not there`,
    next: 'name a config file that exists, with its whole path as it would be written in a shell, or go to its folder\nand then try it once more',
  }),
  short: failure('TRI-CONFIG-001', { what: 'nope' }),
}

describe.each(Object.entries(failures))('%s', (name, error) => {
  it.each([48, 80, 200])('in %i columns', async (width) => {
    const text = renderFailure(error, { width })
    await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'goldens', `failure-${name}-${width}.txt`))
  })
})

it('colours the sign, the headline, the code and the arrow', () => {
  const paint = (name: string) => (text: string) => `<${name}>${text}</${name}>`
  const tone: FailureTone = { red: paint('red'), bold: paint('bold'), dim: paint('dim'), cyan: paint('cyan') }
  expect(renderFailure(failure('TRI-CONFIG-001', { what: 'nope', next: 'try' }), { width: 40, tone }))
    .toMatchInlineSnapshot(`
    "<red>✖</red> <bold>nope</bold>                    <dim>TRI-CONFIG-001</dim>
      <cyan>→</cyan> try"
  `)
})

it('is data for programs', () => {
  expect(failureAsJson(failures.full)).toMatchInlineSnapshot(`
    {
      "code": "TRI-LAB-003",
      "exitCode": 1,
      "next": "fix the snippet, then \`trimaran up\`",
      "state": "web-2 was drained first, so no visitor saw this. web-1 still serves the old release.",
      "title": "A lab server did not start",
      "what": "web-2 did not come back after the reload",
      "where": "web-2",
      "why": "nginx: [emerg] unexpected "}" in /etc/nginx/nginx.conf:14
    nginx: configuration file test failed",
    }
  `)
})
