import { describe, expect, it } from 'vitest'
import type { File } from '../../resources/resource.ts'
import { app } from '../app/index.ts'
import { contextFor, fiveServers, nineServers, serverNamed, siteOfFiles } from '../testing/stacks.ts'
import { nginx } from './index.ts'
import { tuneWorkers } from './tune-workers.ts'
import { firstStackState } from '../../stack/stack-state.ts'

const components = [app, nginx]
const five = fiveServers(components)
const nine = nineServers(components)

const filesOf = (stack: typeof five, server: string): readonly File[] =>
  nginx.render(contextFor(stack, server)).filter((resource): resource is File => resource.kind === 'file')

describe('nginx', () => {
  it.each([
    ['five-servers.web-1', five, 'web-1'],
    ['nine-servers.web-2', nine, 'web-2'],
  ])('renders %s', async (name, stack, server) => {
    const files = new Map(filesOf(stack, server).map(({ path, content }) => [path, content]))
    const goldens = {
      '/etc/nginx/pages/413.html': '413.html',
      '/etc/nginx/pages/413.json': '413.json',
      '/etc/nginx/nginx.conf': `${name}.nginx.conf`,
      '/etc/systemd/system/nginx.service.d/60-trimaran.conf': '60-trimaran.conf',
    }
    for (const [path, golden] of Object.entries(goldens))
      await expect(files.get(path)).toMatchFileSnapshot(`goldens/${golden}`)
  })

  it.each([
    ['site', siteOfFiles(components)],
    ['site-with-fallback', siteOfFiles(components, 'index.html')],
  ])('renders %s, which has no app to ask', async (name, stack) => {
    const files = filesOf(stack, 'web-1')
    const config = files.find(({ path }) => path === '/etc/nginx/nginx.conf')
    expect(files.map(({ path }) => path)).not.toContain('/etc/nginx/pages/504.html')
    await expect(config!.content).toMatchFileSnapshot(`goldens/${name}.web-1.nginx.conf`)
    expect(config!.content).not.toContain('proxy_pass')
  })

  it('serves the static files of the release, and switches them by one link that disturbs nobody', () => {
    const stackState = { ...firstStackState('r3'), kept: ['r3', 'r2', 'r1'] }
    const rendered = nginx.render({ ...contextFor(five, 'web-1'), stackState })
    expect(rendered.filter(({ kind }) => kind === 'tree' || kind === 'symlink')).toEqual([
      { kind: 'tree', path: '/srv/web/releases/r3', payload: 'static:r3', owner: 'root' },
      { kind: 'tree', path: '/srv/web/releases/r2', payload: 'static:r2', owner: 'root', optional: true },
      { kind: 'tree', path: '/srv/web/releases/r1', payload: 'static:r1', owner: 'root', optional: true },
      { kind: 'symlink', path: '/srv/web/next', target: 'releases/r3', isAhead: true },
      { kind: 'symlink', path: '/srv/web/older-1', target: 'releases/r2', isAhead: true },
      { kind: 'symlink', path: '/srv/web/older-2', target: 'releases/r1', isAhead: true },
      { kind: 'symlink', path: '/srv/web/current', target: 'releases/r3' },
    ])
  })

  it('believes only balancers with a known address', () => {
    const servers = five.servers.map((server) =>
      server.name === 'lb-2' ? { ...server, address: 'lb-b.example.com' } : server,
    )
    const config = filesOf({ ...five, servers }, 'web-1').find(({ path }) => path === '/etc/nginx/nginx.conf')!.content
    expect(config).toContain('set_real_ip_from 198.18.0.11; # lb-1')
    expect(config).not.toContain('lb-b.example.com')
    // Nor does anybody else get an answer meanwhile.
    expect(config).toContain('if ($from_balancer = 0)')
  })

  it.each([
    ['<h1>100 %</h1>{{request_id}}', '<h1>100 %</h1><!--# echo var="trimaran_request_id" -->'],
    [undefined, 'up to 20 MB at a time'],
  ])('says that an upload is too large, in the user’s own words %s', (own, expected) => {
    const page = nginx
      .render({ ...contextFor(five, 'web-1'), pages: own === undefined ? {} : { 413: own } })
      .find((resource): resource is File => resource.kind === 'file' && resource.path.endsWith('413.html'))
    expect(page!.content).toContain(expected)
  })

  it('explains itself for this very stack', () => {
    expect(nginx.explain(serverNamed(five, 'web-1'), five).whenItDies).toContain('It is the only web server')
    expect(nginx.explain(serverNamed(five, 'web-1'), five).brings.redundancy).toBeUndefined()
    expect(nginx.explain(serverNamed(nine, 'web-1'), nine).whenItDies).toContain(
      'send its requests to the other web server',
    )
  })
})

describe('tuneWorkers', () => {
  it.each([
    // cores, gigabytes, connections of each worker
    [1, 0.5, 4096],
    [2, 1, 4096],
    [4, 1, 2048],
    [8, 2, 2048],
    [16, 1, 1024],
    [2, 16, 16384],
  ])('%d cores and %d GB: %d', (cores, gigabytes, connections) => {
    expect(tuneWorkers({ cores, memoryBytes: gigabytes * 1024 ** 3 })).toEqual({
      processes: cores,
      connections,
      descriptors: connections * 2,
    })
  })
})
