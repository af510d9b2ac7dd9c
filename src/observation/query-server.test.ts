import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBlueprint } from '../blueprint/blueprint.ts'
import { components } from '../components/index.ts'
import { contextFor, nineServers } from '../components/testing/stacks.ts'
import { isOwnResource } from '../components/index.ts'
import { firstStackState } from '../stack/stack-state.ts'
import { sealOf, writeStackState } from '../stack/stack-state-copy.ts'
import { queryServer, type Question, readServer } from './query-server.ts'
import { manifestFrom } from '../resources/testing/manifest.ts'

const stack = nineServers(components)
const context = contextFor(stack, 'app-1')
const blueprint = createBlueprint(components, context)
const question: Question = { blueprint, components, stack, mark: 'f'.repeat(32) }
const seal = sealOf(stack, context.secret)
const names = [...queryServer(question).text.matchAll(/\) \| send (\S+)/g)].map(([, name]) => name!)

/** What a server says that was just set up, as far as it matters here. */
const sound: Readonly<Record<string, string>> = {
  host: [
    'os\tdebian\t13\tDebian GNU/Linux 13 (trixie)',
    'architecture\tamd64',
    'cores\t2',
    'clock\t1795000000.123456789',
    'memory\t2000000',
    'container\tnone',
    'disk\t10000000',
    `address\teth0\t${blueprint.server.address}/24`,
    'port\t0.0.0.0:3000\tnode\tapp-blue-web@1.service',
  ].join('\n'),
  lock: '8d5e2b7c-0d1d-4c43-9a0b-0a3b8b6a3a11 1795000000.123456789\n',
  manifest: 'app file /etc/trimaran/app.env\napp unit app-blue.target\n',
  stack: `${stack.name}\nabcdefghABCDEFGH\n`,
  stackState: writeStackState(firstStackState('r1'), seal),
  'kind:symlink': '/srv/app/current\t/srv/app/releases/r1\n',
  'kind:tree': '/srv/app/releases/r1\twhole\n/srv/app/releases/20261122-120000-abc1234\twhole\n',
}

const answerWith = (said: Readonly<Record<string, string | Uint8Array>> = {}): string =>
  names
    .map((name) => `${question.mark} ${name} ${Buffer.from(said[name] ?? sound[name] ?? '').toString('base64')}\n`)
    .join('')

const read = (answer: string) => readServer(answer, question, seal)

const observe = (said: Readonly<Record<string, string | Uint8Array>>) => {
  const observation = read(answerWith(said))
  if ('refused' in observation) throw new Error(observation.refused)
  return observation
}

it('reads what a sound server says, and doubts nothing', () => {
  const { host, manifest, stack: named, stackState, resources, doubts = [] } = observe({})
  // A component that said nothing is unknown or down, and no lie.
  expect(doubts).toEqual([])
  expect(host).toMatchObject({ cores: 2, networkInterface: 'eth0', ports: [{ port: 3000, process: 'node' }] })
  expect(manifest).toHaveLength(2)
  expect([named, stackState]).toEqual(['guestbook', firstStackState('r1')])
  expect(resources.get('symlink')?.get('/srv/app/current')).toEqual({ target: '/srv/app/releases/r1' })
})

it('lets SSH in where sshd listens, and not where what was started in a session of SSH does', () => {
  const more = ['port\t0.0.0.0:2222\tsshd\tssh.service', 'port\t0.0.0.0:6543\tpostgres\tssh.service', 'ssh\t2200']
  const { host } = observe({ host: [sound['host'], ...more, 'port\t0.0.0.0:7000\tsshd\tevil.service'].join('\n') })
  expect(host.sshPorts).toEqual([2200, 2222])
})

describe('an answer that is not one to this very question is not believed at all', () => {
  const sent = answerWith()
  const row = (name: string, said: string): string =>
    `${question.mark} ${name} ${Buffer.from(said).toString('base64')}\n`
  const evil = row('manifest', 'app unit ../../../../../var/cache/app/evil\n')
  it.each([
    ['nothing', ''],
    ['half of it', sent.slice(0, sent.length / 2)],
    ['all but its last line end', sent.slice(0, -1)],
    ['a section twice', sent + evil],
    ['a section twice, in its place', sent.replace(/(?=\w+ stack )/, evil)],
    ['a section that was not asked for', sent + row('kind:secret', 'x')],
    ['a section less', sent.replace(/^\w+ stack .*\n/m, '')],
    ['two sections in each other’s place', sent.replace(/^(\w+ manifest .*\n)(\w+ stack .*\n)/m, '$2$1')],
    ['that it waits, in the middle', sent.replace(/(?=\w+ stack )/, `${question.mark} waits\n`)],
    ['that it waits, and nothing else', `${question.mark} waits\n`],
    ['another mark', sent.replaceAll(question.mark, 'e'.repeat(32))],
    ['what is no base64', sent.replace(/^(\w+ stack ).*$/m, '$1app%20unit')],
    ['a line more within', sent.replace(/^(\w+ stack )/m, 'app unit x\n$1')],
    ['sections behind 0x1e', '\u001emanifest\napp unit ../evil\n\u001eend\n'],
    ['NUL bytes', '\0'.repeat(100_000)],
    ['a line of ten megabytes', `${'A'.repeat(10_000_000)}\n`.repeat(names.length)],
    ['nine megabytes in one section', answerWith({ 'health:app': 'x'.repeat(9 * 1024 ** 2) })],
  ])('%s', (_, answer) => expect(read(answer)).toEqual({ refused: expect.any(String) }))
})

it('may say first that it waits for an apply', () => {
  expect(read(`${question.mark} waits\n`.repeat(3) + answerWith())).toEqual(observe({}))
})

describe('what stands in a section stays in it', () => {
  const lies = [
    '\u001emanifest\napp unit ../../../../../var/cache/app/evil\n\u001eorders\n{"number":5000,"release":"r9"}\n\u001eend\n',
    `${question.mark} manifest ${Buffer.from('app unit nginx.service\n').toString('base64')}\n`,
    `\n${question.mark} end 0\n`,
    '%0amanifest%0aapp unit x\0\u001b[2J\r\n'.repeat(1000),
  ]
  it.each(lies)('%j', (lie) => {
    const { manifest, stackState } = observe({ 'health:app': `asked=yes\n${lie}` })
    expect(manifest).toEqual(manifestFrom('app file /etc/trimaran/app.env', 'app unit app-blue.target'))
    expect(stackState).toEqual(firstStackState('r1'))
  })
})

describe('a manifest lists what Trimaran places, and nothing else', () => {
  it.each([
    'app unit ../../../../../var/cache/app/evil',
    'app unit ssh.service',
    'app unit --now',
    'app file /etc/shadow',
    'app file /etc/trimaran/../shadow',
    'app file /etc/trimaran//app.env',
    'app file /etc/trimaran/./app.env',
    'app file etc/trimaran/app.env',
    'app file /etc/trimaran/app.env\r',
    'app file /etc/trimaran/a b',
    'app file /etc/trimaran/\u001b[2J',
    'app file /etc/systemd/system/ssh.service',
    'app file /usr/local/lib/trimaran/pre-remove/../../../../var/cache/app/evil',
    'app file /usr/local/lib/trimaran/hand-over/evil',
    'app file /usr/local/lib/trimaran/hand-over/ssh.service',
    'app tree /',
    'app tree /srv/app',
    'app tree /srv/app/releases/..',
    'app tree /srv/app/releases/r1/..',
    'app directory /',
    'app symlink /etc/passwd',
    'app user root',
    'app user postgres',
    'app slots *',
    'app package postgresql-17',
    'app command reboot',
    'app __proto__ x',
    'app constructor x',
    'App file /etc/trimaran/app.env',
    'app\tfile\t/etc/trimaran/app.env',
    '../x file /etc/trimaran/app.env',
  ])('not %j', (line) => {
    const { manifest, isManifestForged, doubts } = observe({ manifest: `${sound['manifest']}${line}\n` })
    expect(isManifestForged).toBe(true)
    expect(manifest).toEqual(manifestFrom('app file /etc/trimaran/app.env', 'app unit app-blue.target'))
    expect(doubts).toEqual([expect.stringMatching(/^says of what was placed there what cannot be: "/)])
    expect(doubts![0]).toMatch(/^[\x20-\x7e]*$/)
  })
})

describe('a server of which blueprints could not be rendered is not believed at all', () => {
  const replaced = (find: RegExp, by: string) => sound['host']!.replace(find, by)
  it.each([
    ['no cores', replaced(/^cores.*\n/m, '')],
    ['cores twice', `${sound['host']}\ncores\t64`],
    ['0 cores', replaced(/^cores.*$/m, 'cores\t0')],
    ['cores without end', replaced(/^cores.*$/m, 'cores\tInfinity')],
    ['1e9 cores', replaced(/^cores.*$/m, 'cores\t1e9')],
    ['negative memory', replaced(/^memory.*$/m, 'memory\t-1')],
    ['an architecture that is a path', replaced(/^architecture.*$/m, 'architecture\t../../evil')],
    ['a column more', replaced(/^disk.*$/m, 'disk\t1\tx')],
  ])('%s', (_, host) => expect(read(answerWith({ host }))).toEqual({ refused: expect.stringContaining('impossible') }))
})

it.each([
  ['an interface with a line more', `address\teth0;reboot\t${blueprint.server.address}/24`],
  ['an address that is none', 'address\teth1\t10.0.0.256/24'],
  ['a prefix that is none', 'address\teth1\t10.0.0.1/33'],
  ['two prefixes', 'address\teth1\t10.0.0.1/24/8'],
  ['a port that is a name', 'port\t0.0.0.0:http\tnode\t'],
  ['a unit that is a path', 'port\t0.0.0.0:80\tnode\t../evil.service'],
  ['a hardware address that is none', 'neighbour\t10.0.0.2\t$(reboot)'],
  ['a row that nobody asked for', 'secret\tx'],
])('leaves out %s', (_, row) => {
  const { host, doubts } = observe({ host: `${sound['host']}\n${row}` })
  expect(host).toEqual(observe({}).host)
  expect(doubts).toHaveLength(1)
})

it.each([
  ['kind:symlink', '/srv/app/current\t-t/etc'],
  ['kind:symlink', '/srv/app/current\t../../etc/shadow\u001b[2J'],
  ['kind:symlink', '/etc/passwd\t/srv/app/releases/r1'],
  ['kind:file', '/etc/shadow\t600\troot\troot\t61'],
  ['kind:file', '/etc/trimaran/app.env\t600\t$(id)\troot\t61'],
  ['kind:directory', '/srv/app\t41ed\t$(id)\troot'],
  ['kind:tree', '/srv/app/releases/a b\twhole\n'],
  ['kind:tree', '/srv/app/releases/-rf\twhole\n'],
  ['kind:tree', '/etc\twhole'],
  ['kind:unit', 'unit haproxy.service\n../../x /etc/shadow\nstates\nId=haproxy.service\nActiveState=active\n'],
  ['kind:unit', 'states\nId=../evil.service\nActiveState=active\n'],
  ['kind:unit', 'states\nId=haproxy.service\nActiveState=active; reboot\n'],
  ['kind:kernel-setting', 'vm.swappiness\tyes\t60\u0000'],
])('does not believe of %s: %j', (name, said) => {
  const { resources, doubts } = observe({ [name]: said })
  expect(resources.get(name.slice(5) as 'unit')!.size).toBe(0)
  expect(doubts).toHaveLength(1)
})

describe('numbers that are none, names that are given twice, and thousands of lists in one another are read to their end', () => {
  const deep = 10_000
  const signature = `"signature":"${'0'.repeat(64)}"`
  const oddities: Readonly<Record<string, string>> = {
    lists: `{${signature},"x":${'['.repeat(deep)}${']'.repeat(deep)}}`,
    objects: `{${signature},"x":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`,
    'a number without end': `{${signature},"number":${'9'.repeat(400)},"timeline":1e999,"lag":-0}`,
    'a name twice': `{"state":"running","role":"primary","state":{},"role":[],${signature},"number":1,"number":5000}`,
    prototypes: `{"__proto__":{"state":"running"},"constructor":{"prototype":[]},${signature}}`,
  }
  const sections = names.flatMap((name) => Object.keys(oddities).map((oddity) => [name, oddity] as const))
  it.each(sections)('%s: %s', (name, oddity) => {
    const json = oddities[oddity]!
    for (const said of [json, `active\n${json}`, `active\nself ${json}\ncluster ${json}\nfigures ${json}\n`]) {
      const observation = read(answerWith({ [name]: said }))
      // What a server is must be known, or it counts as unreachable.
      expect('refused' in observation).toBe(name === 'host')
      if ('stackState' in observation) expect(observation.stackState).toEqual(firstStackState('r1'))
    }
  })
})

it('never throws, and never says what is not in the schema, whatever a server answers', () => {
  const words = fc.constantFrom(
    '\t',
    '\n',
    ' ',
    '=',
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '/',
    '..',
    '-',
    'null',
    '1e999',
    '__proto__',
    'constructor',
    'unit ',
    'states\n',
    'Id=',
    'ActiveState=',
    'copy=',
    'said=',
    'asked=yes\n',
    '# pxname,svname\n',
    'active\n',
    '{"state":5,"members":{}}',
    '{"slots":[{}],"replicas":1}',
    '{"members":[null]}',
    '/srv/app',
    'app file /etc/',
    'cores\t',
    'booted\t@',
    '9'.repeat(400),
    '\u001dslot ',
    '\0',
    '\u001b',
    '\ufffd',
    '\u202e',
  )
  const said = fc.oneof(
    fc.array(words, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.uint8Array({ maxLength: 200 }),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), said, { noNullPrototype: true }), (lies) => {
      const observation = read(answerWith(lies))
      if ('refused' in observation) return
      for (const { kind, name } of observation.manifest) expect(isOwnResource(kind, name)).toBe(true)
      for (const facts of observation.resources.values())
        for (const name of facts.keys()) expect(name).toMatch(/^[\x20-\x7e]+$/)
      for (const { note = '' } of observation.health.values()) expect(note).toMatch(/^\P{Cc}{0,600}$/u)
      for (const doubt of observation.doubts ?? []) expect(doubt.length).toBeLessThan(1000)
      if ('stackState' in observation) expect(observation.stackState).toEqual(firstStackState('r1'))
    }),
    { numRuns: 60 },
  )
})
