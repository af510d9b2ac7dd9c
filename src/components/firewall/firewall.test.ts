import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { app } from '../app/index.ts'
import { etcd } from '../etcd/index.ts'
import { observer } from '../observer/index.ts'
import { patroni } from '../patroni/index.ts'
import { contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { guardedPorts } from './callers.ts'
import { firewall } from './index.ts'

const all = [app, etcd, patroni, observer, firewall]
const five = fiveServers(all)
const nine = nineServers(all)

const fileAt = (stack: typeof five, name: string, path: string): string =>
  firewall.render(contextFor(stack, name)).find((one): one is File => one.kind === 'file' && one.path.endsWith(path))!
    .content

describe('the firewall', () => {
  it('renders its rules, its program and its unit', async () => {
    await expect(fileAt(five, 'db-1', '.nft')).toMatchFileSnapshot('goldens/five-db-1.nft')
    await expect(fileAt(nine, 'db-2', '.nft')).toMatchFileSnapshot('goldens/nine-db-2.nft')
    await expect(fileAt(nine, 'db-2', '/firewall')).toMatchFileSnapshot('goldens/firewall')
    await expect(fileAt(nine, 'db-2', '.service')).toMatchFileSnapshot('goldens/trimaran-firewall.service')
  })

  it('lets app servers to the database and to Patroni, and not to the votes', () => {
    const app = serverNamed(nine, 'app-1').address
    const open = guardedPorts(nine, serverNamed(nine, 'db-1')).filter(({ addresses }) => addresses.includes(app))
    expect(open.map(({ port }) => port)).toEqual([5432, 8008])
  })

  it('lets nobody from the balancers and the web servers in', () => {
    const others = nine.servers
      .filter(({ tier }) => tier === 'balancer' || tier === 'web')
      .map(({ address }) => address)
    const admitted = guardedPorts(nine, serverNamed(nine, 'db-1')).flatMap(({ addresses }) => addresses)
    expect(admitted.filter((one) => others.includes(one))).toEqual([])
  })

  it('lets web servers alone to the slots of the app', () => {
    const web = nine.servers.filter(({ tier }) => tier === 'web').map(({ address }) => address)
    const guarded = guardedPorts(nine, serverNamed(nine, 'app-1'))
    expect(guarded.map(({ port }) => port)).toEqual([3000, 3100])
    for (const { addresses } of guarded) expect(addresses).toEqual(web)
  })

  it('belongs where something is guarded', () => {
    const on = (stack: typeof five) =>
      stack.servers.filter((server) => firewall.belongsOn(server, stack)).map(({ name }) => name)
    expect(on(nine)).toEqual(['app-1', 'app-2', 'db-1', 'db-2', 'db-3'])
    expect(on({ ...nine, servers: nine.servers.filter(({ name }) => name !== 'db-3') })).toEqual([
      'lb-1',
      'app-1',
      'app-2',
      'db-1',
      'db-2',
    ])
  })

  it('turns away who left when everything else is done', () => {
    const [condition] = firewall.render(contextFor(nine, 'db-1')).filter(({ kind }) => kind === 'condition')
    expect(condition).toMatchObject({ phase: 'last' })
  })

  it('says what is missing', () => {
    const read = (answer: string) => firewall.health.read(answer, serverNamed(nine, 'db-1'), nine, { drained: [] })
    expect(read('active\npresent\n')).toEqual({ state: 'well' })
    expect(read('active\nabsent\n').note).toContain('ports are open')
    expect(read('failed\npresent\n').note).toContain('is not active')
    expect(read('').state).toBe('degraded')
  })
})
