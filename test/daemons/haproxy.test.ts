import { describe, expect, it } from 'vitest'
import { haproxy } from '../../src/components/haproxy/index.ts'
import { components } from '../../src/components/index.ts'
import { busyServers, contextFor, fiveServers, nineServers } from '../../src/components/testing/stacks.ts'
import type { File } from '../../src/resources/resource.ts'
import {
  crashScript,
  harmScript,
  newcomerScript,
  powerLossScript,
  repeatScript,
  spreadScript,
} from './haproxy-scripts.ts'
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
    const pages = files.filter(({ path }) => /\.(?:html|lua|map)$/.test(path))
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
    // Over new connections, and over those that were open before.
    for (const way of ['/ends', '/ends kept'])
      expect(output, output).toContain(`GET ${way}: 502 502 502 502 502, each asked 2 times at most, 10 in all\n`)
    // A visitor who gets no answer on a kept connection asks again by himself.
    expect(output).toContain(
      `GET /ends after another request: ${'200 502 '.repeat(5).trim()}, each asked 2 times at most, 10 in all\n`,
    )
    // What is said is no loss, whatever it is.
    expect(output).toContain('GET /own: 502 502 502 502 502, each asked 1 times at most, 5 in all\n')
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
