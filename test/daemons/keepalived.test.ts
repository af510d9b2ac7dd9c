import { describe, expect, it } from 'vitest'
import { components } from '../../src/components/index.ts'
import { keepalived } from '../../src/components/keepalived/index.ts'
import { contextFor, nineServers } from '../../src/components/testing/stacks.ts'
import type { File } from '../../src/resources/resource.ts'
import type { Stack } from '../../src/stack/stack.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const nine = nineServers(components)
const stacks: Readonly<Record<string, Stack>> = {
  'of a pair': nine,
  'of one alone': { ...nine, servers: nine.servers.filter(({ name }) => name !== 'lb-2') },
  'with a command of its own': {
    ...nine,
    virtualAddress: { address: '203.0.113.77', prefixLength: 24, move: '/opt/move-address' },
  },
}

const filesOf = (stack: Stack): readonly File[] =>
  keepalived.render(contextFor(stack, 'lb-1')).filter((resource): resource is File => resource.kind === 'file')

/** keepalived looks for the interface and the address that it is told of. */
const network =
  'ip link add eth0 type veth peer name other; ip address add 198.18.0.11/24 dev eth0; ip link set eth0 up'

describe.skipIf(!hasStockedImage())('keepalived itself', () => {
  it.each(Object.keys(stacks))('accepts the config %s', async (name) => {
    const files = filesOf(stacks[name]!)
    const checks = files.flatMap(({ path, check }) => (check ? [`file=/staged${path}\n${check.text}`] : []))
    const staged = Object.fromEntries(files.map(({ path, content }) => [`/staged${path}`, content]))
    expect(await inImage(`${network}\nset -e\n${checks.join('\n')}`, staged)).toEqual({ code: 0, output: '' })
  })

  it('refuses a broken file', async () => {
    const config = filesOf(nine).find(({ path }) => path.endsWith('keepalived.conf'))!
    const { code } = await inImage(`${network}\nfile=/staged/keepalived.conf\n${config.check!.text}`, {
      '/staged/keepalived.conf': config.content.replace('virtual_router_id 10', 'virtual_router_id 1000'),
    })
    expect(code).not.toBe(0)
  })

  it('runs under units that systemd accepts', async () => {
    const dropIns = Object.fromEntries(
      filesOf(nine).flatMap(({ path, content }) =>
        path.endsWith('.conf') && path.includes('.service.d') ? [[path, content]] : [],
      ),
    )
    const script = 'systemd-analyze verify --man=no --recursive-errors=no keepalived.service haproxy.service'
    expect(await inImage(script, dropIns)).toEqual({ code: 0, output: '' })
  })
})
