import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import type { Stack } from '../../stack/stack.ts'
import { components } from '../index.ts'
import { contextFor, nineServers, serverNamed } from '../testing/stacks.ts'
import { keepalived } from './index.ts'

const nine = nineServers(components)
const moved: Stack = {
  ...nine,
  virtualAddress: { address: '203.0.113.77', prefixLength: 24, move: '/opt/cloud/move-address --to here' },
}
const alone: Stack = { ...nine, servers: nine.servers.filter(({ name }) => name !== 'lb-2') }

const filesOf = (stack: Stack, server: string): readonly File[] =>
  keepalived.render(contextFor(stack, server)).filter((resource): resource is File => resource.kind === 'file')
const contentOf = (stack: Stack, server: string, path: string): string =>
  filesOf(stack, server).find((file) => file.path.endsWith(path))!.content

describe('keepalived', () => {
  it.each(['lb-1', 'lb-2'])('renders %s', async (server) => {
    await expect(contentOf(nine, server, 'keepalived.conf')).toMatchFileSnapshot(`goldens/${server}.keepalived.conf`)
  })

  it('renders what it adds to units', async () => {
    const own = contentOf(nine, 'lb-1', '/keepalived.service.d/60-trimaran.conf')
    await expect(own).toMatchFileSnapshot('goldens/keepalived.service.d.conf')
    await expect(contentOf(nine, 'lb-1', '/61-keepalived.conf')).toMatchFileSnapshot('goldens/haproxy.service.d.conf')
  })

  it("runs the operator's own command where the network has to be told", () => {
    expect(contentOf(moved, 'lb-1', '/move-address')).toContain("\nCOMMAND='/opt/cloud/move-address --to here'\n")
    const config = contentOf(moved, 'lb-1', 'keepalived.conf')
    expect(config).toContain('notify_master "/usr/local/lib/trimaran/move-address" root')
    expect(config).toContain('203.0.113.77/32 dev eth0')
    expect(config).toContain('virtual_router_id 77\n')
  })

  it('keeps the address with a single balancer, and talks to nobody', () => {
    expect(contentOf(alone, 'lb-1', 'keepalived.conf')).not.toContain('unicast_peer')
    expect(keepalived.links(alone)).toEqual([])
    expect(keepalived.links(nine)).toHaveLength(1)
    expect(keepalived.explain(serverNamed(alone, 'lb-1'), alone).brings.redundancy).toBeUndefined()
  })

  it('belongs where there is an address to keep', () => {
    const belongs = (stack: Stack, server: string) => keepalived.belongsOn(serverNamed(nine, server), stack)
    expect([belongs(nine, 'lb-1'), belongs(nine, 'web-1'), belongs(alone, 'lb-1')]).toEqual([true, false, false])
    const { virtualAddress: _none, ...without } = nine
    expect(keepalived.render(contextFor(without, 'lb-1'))).toEqual([])
  })
})

describe('its health', () => {
  const read = (answer: string) => keepalived.health.read(answer, serverNamed(nine, 'lb-1'), nine, { drained: [] })
  const own = 'address 127.0.0.1/8\naddress 198.18.0.11/24\n'
  const running = 'active active\nhaproxy active\n'

  it('leads with the address', () => {
    expect(read(`${running}entered MASTER\n${own}address 198.18.0.10/24\n`)).toEqual({
      state: 'well',
      isLeader: true,
      details: { holdsAddress: true, vrrpState: 'master' },
    })
  })

  it('stands by without it', () => {
    expect(read(`${running}entered BACKUP\n${own}`)).toEqual({
      state: 'well',
      isLeader: false,
      details: { holdsAddress: false, vrrpState: 'backup' },
    })
  })

  it('takes no part while HAProxy hangs', () => {
    expect(read(`${running}entered FAULT\n${own}`).state).toBe('degraded')
  })

  it('is down when it does not run, and says whose fault it is', () => {
    expect(read(`active inactive\nhaproxy failed\n${own}`).note).toContain('because HAProxy does not run')
    expect(read(`active failed\nhaproxy active\n${own}`)).toMatchObject({ state: 'down', isLeader: false })
    expect(read('').state).toBe('unknown')
  })
})
