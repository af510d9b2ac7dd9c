import { describe, expect, it } from 'vitest'
import type { Resource } from '../resources/resource.ts'
import { firstStackState, type StackState } from '../stack/stack-state.ts'
import { app } from './app/index.ts'
import type { Component } from './component.ts'
import { haproxy } from './haproxy/index.ts'
import { components } from './index.ts'
import { keepalived } from './keepalived/index.ts'
import { nginx } from './nginx/index.ts'
import { patroni } from './patroni/index.ts'
import { contextFor, nineServers } from './testing/stacks.ts'

const nine = nineServers(components)

const render = (component: Component, server: string, stackState: Partial<StackState>): readonly Resource[] =>
  component.render({ ...contextFor(nine, server), stackState: { ...firstStackState('r1'), ...stackState } })
const contentOf = (component: Component, server: string, name: string, stackState: Partial<StackState>): string => {
  const found = render(component, server, stackState).find((one) => one.kind === 'file' && one.path.endsWith(name))
  return found?.kind === 'file' ? found.content : ''
}

/** What each tier places on a server that is drained. */
describe('a drained server', () => {
  it('is not ready and runs nothing of the app', () => {
    const drained = { drained: ['app-1'] }
    expect(contentOf(haproxy, 'app-1', 'haproxy.cfg', drained).match(/return status 503$/gm)).toHaveLength(2)
    expect(contentOf(haproxy, 'app-2', 'haproxy.cfg', drained)).not.toMatch(/return status 503$/m)
    const slots = render(app, 'app-1', drained).find(({ kind }) => kind === 'slots')
    expect(slots).toMatchObject({ isAside: true })
  })

  it('tells the balancers by a file, so that nothing is reloaded', () => {
    expect(contentOf(nginx, 'web-1', '/etc/nginx/drained', { drained: ['web-1'] })).not.toBe('')
    expect(contentOf(nginx, 'web-1', '/etc/nginx/drained', { drained: ['web-2'] })).toBe('')
    expect(contentOf(nginx, 'web-1', 'nginx.conf', { drained: ['web-1'] })).toBe(
      contentOf(nginx, 'web-1', 'nginx.conf', {}),
    )
  })

  it('says goodbye to visitors, and does not take the address', () => {
    expect(contentOf(haproxy, 'lb-1', 'haproxy.cfg', { drained: ['lb-1'] })).toContain('option httpclose')
    expect(contentOf(haproxy, 'lb-2', 'haproxy.cfg', { drained: ['lb-1'] })).not.toContain('option httpclose')
    const [unit] = render(keepalived, 'lb-1', { drained: ['lb-1'] }).filter(({ kind }) => kind === 'unit')
    expect(unit).toMatchObject({ name: 'keepalived.service', state: 'masked' })
    const handOver = contentOf(keepalived, 'lb-1', 'hand-over/keepalived.service', {})
    expect(handOver).toContain('\nADDRESS=198.18.0.10\n')
    expect(handOver).toContain('\nIS_MOVED=no\n')
  })

  it('is neither promoted nor read from, unless nobody else is left', () => {
    expect(contentOf(patroni, 'db-1', 'config.yml', { drained: ['db-1'] })).toContain('nofailover: true')
    expect(contentOf(patroni, 'db-1', 'config.yml', { drained: ['db-2'] })).not.toContain('nofailover')
    const all = { drained: ['db-1', 'db-2', 'db-3'] }
    expect(contentOf(patroni, 'db-1', 'config.yml', all)).not.toContain('nofailover')
  })

  it('that does not know of it is excluded by those who call it, as far as it is not the only one to have the data', () => {
    const excluded = { drained: ['app-1', 'db-2'], excluded: ['app-1', 'db-2'] }
    const ofWeb = contentOf(haproxy, 'web-1', 'haproxy.cfg', excluded)
    expect(ofWeb.match(/^ {4}server app-1-\S+ .* disabled$/gm)).toHaveLength(2)
    expect(ofWeb).not.toMatch(/^ {4}server app-2-.* disabled$/m)
    const ofApp = contentOf(haproxy, 'app-2', 'haproxy.cfg', excluded)
    expect(ofApp.match(/^ {4}server db-2 .* disabled$/gm)).toHaveLength(1)
  })
})
