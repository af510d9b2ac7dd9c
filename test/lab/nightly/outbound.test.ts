import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { useLabStack } from '../support/lab-stack.ts'
import type { Project } from '../support/project.ts'

/** It connects to the host and port that its path names, and says what became of it. */
const server = `
import http from 'node:http'
import net from 'node:net'
http.createServer((request, response) => {
  if (request.url === '/up') return response.end('well')
  const [, host, port] = request.url.split('/')
  const socket = net.connect({ host, port, timeout: 8000 })
  socket.on('connect', () => { response.end('connected'); socket.destroy() })
  socket.on('timeout', () => { response.end('silence'); socket.destroy() })
  socket.on('error', ({ code }) => response.end(code))
}).listen(process.env.PORT)
process.on('SIGTERM', () => process.exit(0))
`

const write = ({ folder, name }: Project, outbound: string): Promise<void> =>
  writeFile(
    join(folder, 'trimaran.config.ts'),
    `import { defineStack } from 'trimaran'
export default defineStack({
  name: '${name}',
  balancer: { servers: 1 },
  web: { servers: 1 },
  app: { servers: 1, start: 'node server.js', health: '/up', runtime: { node: '24' }${outbound} },
})
`,
  )

/** Names as the resolver of the server knows them; its balancer has their addresses, too. */
const names = `listen-address=127.0.0.77
bind-interfaces
no-resolv
no-hosts
local=/#/
host-record=api.example.com,203.0.113.9
host-record=other.example.com,203.0.113.10
`

describe.skipIf(!labPossible)(`an app that may call listed hosts only${whySkipped}`, () => {
  const stack = useLabStack('toutbound', async (project) => {
    await writeFile(join(project.folder, 'server.js'), server)
    await write(project, ", outbound: ['api.example.com:80']")
  })
  const { expectNothingToDo, on, run } = stack
  const call = async (host: string, port = 80): Promise<string> =>
    await (await fetch(`${stack.url}/${host}/${port}`)).text()

  it('calls them by name, and finds no other', async () => {
    const [balancer = ''] = (await on('lb-1', 'hostname -I')).split(' ')
    expect(await on('lb-1', 'ip address add 203.0.113.9/32 dev lo; ip address add 203.0.113.10/32 dev lo')).toBe('')
    expect(await on('app-1', `ip route add 203.0.113.0/24 via ${balancer}`)).toBe('')
    await on(
      'app-1',
      `printf '%s' '${names}' >/etc/names.conf; systemd-run --quiet --unit=upstream dnsmasq --keep-in-foreground --conf-file=/etc/names.conf`,
    )
    await on('app-1', 'echo nameserver 127.0.0.77 >/etc/resolv.conf')
    expect(await call('203.0.113.9')).toBe('EHOSTUNREACH')
    expect(await call('api.example.com')).toBe('connected')
    expect(await call('api.example.com', 443)).toBe('EHOSTUNREACH')
    expect(await call('other.example.com')).toBe('ENOTFOUND')
    expect(await call('203.0.113.10')).toBe('EHOSTUNREACH')
    await expectNothingToDo()
  })

  it('goes on where the server gets another list of resolvers', async () => {
    await on('app-1', 'echo nameserver 127.0.0.77 >/etc/resolv.new; mv /etc/resolv.new /etc/resolv.conf')
    expect(await call('api.example.com')).toBe('connected')
    expect(await call('other.example.com')).toBe('ENOTFOUND')
  })

  it('is told to be without names when nothing looks them up', async () => {
    await on('app-1', 'systemctl stop trimaran-app-names')
    const { stdout } = await stack.project.trimaran('status', '--lab')
    expect(stdout).toContain('no names are looked up for the app')
    await run('up')
    expect(await call('api.example.com')).toBe('connected')
    await expectNothingToDo()
  })

  it('calls another one as soon as the file lists it', async () => {
    await write(stack.project, ", outbound: ['api.example.com:80', 'other.example.com:80']")
    await run('up')
    expect(await call('203.0.113.9')).toBe('connected')
    expect(await call('other.example.com')).toBe('connected')
    await expectNothingToDo()
  })

  it('calls nothing with an empty list, and everything without one', async () => {
    await write(stack.project, ', outbound: []')
    await run('up')
    expect(await call('203.0.113.9')).toBe('EHOSTUNREACH')
    expect(await on('app-1', 'systemctl is-active trimaran-app-names || true')).toContain('inactive')
    await expectNothingToDo()
    await write(stack.project, '')
    await run('up')
    expect(await call('other.example.com')).toBe('connected')
    // What systemd denies, too, is refused at once.
    expect(await call((await on('lb-1', 'hostname -I')).split(' ')[0]!, 22)).toBe('EHOSTUNREACH')
    await expectNothingToDo()
  })
})
