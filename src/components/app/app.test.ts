import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../config/parse-config.ts'
import type { File } from '../../resources/resource.ts'
import type { Stack } from '../../stack/stack.ts'
import { contextFor, fiveServers, nineServers, serverNamed } from '../testing/stacks.ts'
import { app } from './index.ts'

const five = fiveServers([app])
const nine = nineServers([app])

/** The five-server stack with other words about the app. */
function withApp(words: Readonly<Record<string, unknown>>): Stack {
  const declared = parseConfig({
    name: 'guestbook',
    balancer: { servers: 2 },
    web: { servers: 1 },
    app: { servers: 1, start: 'node server.js', ...words },
    database: { servers: 1 },
  })
  return { ...five, declared }
}

const filesOf = (stack: Stack): readonly File[] =>
  app.render(contextFor(stack, 'app-1')).filter((resource): resource is File => resource.kind === 'file')

describe('app', () => {
  it('renders its unit and its environment', async () => {
    const [unit, environment, slot] = filesOf(five)
    await expect(unit!.content).toMatchFileSnapshot('goldens/app@.service')
    await expect(environment!.content).toMatchFileSnapshot('goldens/app.env')
    await expect(slot!.content).toMatchFileSnapshot('goldens/app@blue.env')
  })

  it('renders what a config may say besides', async () => {
    const packages = ['python3', 'python3-venv']
    const env = { GREETING: 'say "hello", $NAME', NODE_ENV: 'staging' }
    const start = 'python3 -m "my app" --port "$PORT" --title 100%'
    const stack = withApp({ runtime: { packages }, env, start, memory: '256 MB', stopTimeout: 90 })
    const [unit, environment] = filesOf(stack)
    await expect(unit!.content).toMatchFileSnapshot('goldens/python.app@.service')
    await expect(environment!.content).toMatchFileSnapshot('goldens/python.app.env')
    expect(app.render(contextFor(stack, 'app-1'))).toContainEqual({ kind: 'package', name: 'python3-venv' })
  })

  it('keeps secrets from all but root and the app', () => {
    const secrets = filesOf(five).filter(({ content }) => content.includes('secret-of-'))
    expect(secrets.map(({ path, mode, owner, group, secret }) => [path, mode, owner, group, secret])).toEqual([
      ['/etc/trimaran/app.env', '0640', 'root', 'app', true],
    ])
  })

  it('places the runtime for the kind of processor that the server has', () => {
    const tree = app.render(contextFor(five, 'app-1', { architecture: 'arm64' })).find(({ kind }) => kind === 'tree')
    expect(tree).toEqual({ kind: 'tree', path: '/opt/trimaran/node-24', payload: 'node:24:arm64', owner: 'root' })
  })

  it('restarts for a new release', () => {
    const links = app.render(contextFor(five, 'app-1')).filter(({ kind }) => kind === 'symlink')
    expect(links).toEqual([
      { kind: 'symlink', path: '/srv/app/current', target: 'releases/20261122-120000-abc1234' },
      { kind: 'symlink', path: '/srv/app/blue', target: 'releases/20261122-120000-abc1234', onChange: 'restart' },
    ])
  })

  it('explains itself for this very stack', () => {
    expect(app.explain(serverNamed(five, 'app-1'), five).whenItDies).toContain('It is the only app server')
    expect(app.explain(serverNamed(nine, 'app-1'), nine).whenItDies).toContain(
      'repeat its requests on the other app server',
    )
  })
})
