import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import spawn from 'nano-spawn'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ensureImage,
  type Image,
  type Lab,
  labDown,
  type LabEvent,
  labRemoveServers,
  labUp,
  linkOf,
  namespaceOf,
  powerOff,
  powerOn,
  readLab,
  shellCommand,
} from '../../src/lab/index.ts'
import { labPossible, whySkipped } from './lab-possible.ts'

const name = `trial-${process.pid}`
const neighbour = `other-${process.pid}`
const owner = '/srv/trial'
const servers = [
  { name: 'lb-1', host: 11 },
  { name: 'web-1', host: 21 },
  { name: 'web-2', host: 22 },
]

describe.skipIf(!labPossible)(`a lab of three servers${whySkipped}`, () => {
  let image: Image
  let lab: Lab
  let bootMs: number
  let events: LabEvent[] = []
  const up = (wish: Partial<Parameters<typeof labUp>[0]> = {}) => {
    events = []
    return labUp({ name, owner, servers, image, onEvent: (event) => events.push(event), ...wish })
  }

  beforeAll(async () => {
    process.env['TRIMARAN_LABS'] = await mkdtemp(join(tmpdir(), 'trimaran-labs-'))
    image = await ensureImage({ packages: [] })
    const started = performance.now()
    lab = await up()
    bootMs = performance.now() - started
  }, 600_000)

  afterAll(async () => {
    await labDown(name)
    await labDown(neighbour)
    await rm(process.env['TRIMARAN_LABS'] ?? '', { recursive: true, force: true })
  }, 60_000)

  it('is up within seconds', () => expect(bootMs).toBeLessThan(20_000))

  it('answers SSH under the names of its servers', async () => {
    expect(lab.servers.map(({ state }) => state)).toEqual(['running', 'running', 'running'])
    expect(await on('lb-1', 'hostname')).toBe('lb-1')
    expect(await on('web-2', 'cat /etc/hostname')).toBe('web-2')
  })

  it('boots them whole: systemd says “running”, and nothing but sshd listens', async () => {
    expect(await on('web-1', 'systemctl is-system-running --wait')).toBe('running')
    expect(await on('web-1', `ss -Hltun | awk '{ print $5 }'`)).toBe('0.0.0.0:22\n[::]:22')
  })

  it('gives each its own identity', async () => {
    const identities = ['cat /etc/machine-id', 'cat /etc/ssh/ssh_host_*_key.pub']
    for (const question of identities) expect(await on('web-1', question)).not.toBe(await on('web-2', question))
  })

  it('lets kernel settings be written, without any reaching the computer', async () => {
    const before = await readFile('/proc/sys/vm/swappiness', 'utf8')
    const settings = 'vm.swappiness=7 net.ipv4.ip_nonlocal_bind=1'
    expect(await on('web-1', `sysctl -n -w ${settings}`)).toBe('7\n1')
    expect(await readFile('/proc/sys/vm/swappiness', 'utf8')).toBe(before)
    expect(await on('web-2', 'sysctl -n net.ipv4.ip_nonlocal_bind')).toBe('0')
  })

  it('lets no server change the clock of the computer', async () => {
    expect(await on('web-1', 'date -s 2001-01-01 2>&1 || true')).toContain('Operation not permitted')
  })

  it('lets its servers reach each other, by name', async () => {
    expect(await on('lb-1', reach('web-2', 22))).toBe('reached')
    expect(await on('lb-1', 'ping -c 1 -W 1 web-1 >/dev/null && echo reached')).toBe('reached')
  })

  it('lets them reach nothing else: no route, no other lab, no port of the computer', async () => {
    const other = await labUp({ name: neighbour, owner, servers: [{ name: 'web-1', host: 21 }], image })
    const elsewhere = other.servers[0]?.address ?? ''
    expect(await on('lb-1', reach(elsewhere, 22))).toBe('not reached')
    const listener = createServer((socket) => socket.end('hello')).listen(0, '0.0.0.0')
    await new Promise((resolve) => listener.once('listening', resolve))
    const { port } = listener.address() as { port: number }
    // The computer itself reaches all three, so that it is the lab's walls that are tried below.
    for (const [address, at] of [
      [elsewhere, 22],
      [other.bridgeAddress, port],
      [lab.bridgeAddress, port],
    ] as const) {
      expect(await greets(address, at)).toBe(true)
    }
    // Even a server that gives itself a route through the computer gets nowhere.
    await on('lb-1', `ip route add default via ${lab.bridgeAddress}`)
    expect(await on('lb-1', reach(elsewhere, 22))).toBe('not reached')
    expect(await on('lb-1', reach(other.bridgeAddress, port))).toBe('not reached')
    expect(await on('lb-1', reach(lab.bridgeAddress, port))).toBe('not reached')
    listener.close()
    await on('lb-1', 'ip route delete default')
    expect(await labDown(neighbour)).toBe(true)
    expect(await on('lb-1', reach('web-1', 22))).toBe('reached')
  })

  it('says nothing when a server loses its power', async () => {
    const heard: string[] = []
    const socket = connect(22, address(lab, 'web-2'))
    await new Promise((resolve) => socket.once('data', resolve))
    for (const sign of ['end', 'close', 'error'] as const) socket.once(sign, () => heard.push(sign))
    await on('web-2', 'echo kept > /root/note; ip addr add 198.18.255.9/32 dev eth0')
    await powerOff(name, 'web-2')
    socket.write('are you there?\n')
    await sleep(1500)
    expect(heard).toEqual([])
    socket.destroy()
    expect(await states()).toEqual(['running', 'running', 'off'])
  })

  it('leaves a server off that was switched off, and says so', async () => {
    await up()
    expect(events.find(({ server }) => server === 'web-2')?.detail).toBe('was switched off, and stays off')
    expect(await states()).toEqual(['running', 'running', 'off'])
  })

  it('gives a server its disk back with its power, and nothing of its network', async () => {
    await powerOn(name, 'web-2')
    expect(await on('web-2', 'cat /root/note')).toBe('kept')
    expect(await on('web-2', 'ip -brief -4 addr show eth0')).not.toContain('198.18.255.9')
  })

  it('sees a server come back that rebooted itself', async () => {
    const before = await bootOf('web-1')
    // The server may well be gone before it has said that it did as it was told.
    await on('web-1', 'systemctl reboot').catch(() => {})
    await until(10_000, async () => (await bootOf('web-1').catch(() => before)) !== before)
    expect(await states()).toEqual(['running', 'running', 'running'])
  })

  it('sees a server as off that switched itself off', async () => {
    await on('web-1', 'systemctl poweroff').catch(() => {})
    await until(10_000, async () => (await states())?.[1] === 'off')
    await powerOn(name, 'web-1')
    expect(await on('web-1', 'hostname')).toBe('web-1')
  })

  it('is put right by the next run, whatever was broken', async () => {
    const subnet = Number(lab.subnet.split('.')[2])
    await on('web-1', 'echo kept > /root/note')
    const supervisor = (await cgroup('web-1', 'supervisor')).at(0) ?? ''
    await spawn('kill', ['-9', supervisor])
    await spawn('ip', ['link', 'delete', linkOf(subnet, 22)])
    await spawn('ip', ['link', 'delete', `tri${subnet}`])
    await spawn('nft', ['delete', 'table', 'inet', `trimaran_lab_${name}`])
    await up()
    expect(
      events
        .filter(({ stage }) => stage === 'boot')
        .map((event) => `${event.server} ${event.detail}`)
        .toSorted(),
    ).toEqual(['lb-1 runs already', 'web-1 booted', 'web-2 booted'])
    expect(await on('web-1', 'cat /root/note')).toBe('kept')
    expect(await on('lb-1', reach('web-2', 22))).toBe('reached')
    expect((await spawn('nft', ['list', 'tables'])).stdout).toContain(`trimaran_lab_${name}`)
  })

  it('changes nothing in a second run', async () => {
    const before = await Promise.all(servers.map((server) => bootOf(server.name)))
    await up()
    expect(new Set(events.filter(({ stage }) => stage === 'boot').map(({ detail }) => detail))).toEqual(
      new Set(['runs already']),
    )
    expect(await Promise.all(servers.map((server) => bootOf(server.name)))).toEqual(before)
  })

  it('grows and shrinks, and tells the others', async () => {
    const grown = await up({ servers: [...servers, { name: 'web-3', host: 23 }] })
    expect(grown.servers.map((server) => server.name)).toEqual(['lb-1', 'web-1', 'web-2', 'web-3'])
    expect(await on('lb-1', reach('web-3', 22))).toBe('reached')
    await labRemoveServers(name, ['web-3'])
    expect((await readLab(name))?.servers.map((server) => server.name)).toEqual(['lb-1', 'web-1', 'web-2'])
    expect(await on('lb-1', 'getent hosts web-3 || echo unknown')).toBe('unknown')
  })

  it('cannot be taken over from another folder', async () => {
    await expect(up({ owner: '/srv/elsewhere' })).rejects.toThrow('belongs to another folder')
  })

  it('says what it has when asked for what it has not', async () => {
    await expect(powerOff(name, 'web-9')).rejects.toThrow(`has no server web-9`)
    await expect(powerOff('nowhere', 'web-1')).rejects.toThrow('There is no lab “nowhere”')
  })

  it('leaves nothing behind', async () => {
    const subnet = Number(lab.subnet.split('.')[2])
    const inits = await Promise.all(servers.map((server) => cgroup(server.name, 'machine/payload/init.scope')))
    await writeFile(join(process.env['TRIMARAN_LABS'] ?? '', name, 'stray'), '')
    expect(await labDown(name)).toBe(true)
    const left = [
      ...lines(await spawn('ip', ['netns', 'list'])).filter((line) => line.startsWith(namespaceOf(subnet, ''))),
      ...lines(await spawn('ip', ['-oneline', 'link'])).filter((line) => line.includes(`tri${subnet}`)),
      ...lines(await spawn('ip', ['route'])).filter((line) => line.includes(lab.subnet)),
      ...lines(await spawn('nft', ['list', 'tables'])).filter((line) => line.includes(name)),
      ...(await readFile('/proc/self/mounts', 'utf8')).split('\n').filter((line) => line.includes(name)),
      ...inits.flat().filter((pid) => existsSync(`/proc/${pid}/root/etc`)),
      ...cgroupFolders('').filter((folder) => existsSync(folder)),
      ...['', 'propagate', 'unix-export']
        .map((kind) => `/run/systemd/nspawn/${kind}/${name}-web-1`)
        .filter((folder) => existsSync(folder)),
      ...[join(process.env['TRIMARAN_LABS'] ?? '', name), `/run/trimaran/subnets/${subnet}`].filter((path) =>
        existsSync(path),
      ),
    ]
    expect(left).toEqual([])
    expect(await labDown(name)).toBe(false)
    expect(await readLab(name)).toBeUndefined()
  })

  const states = async () => (await readLab(name))?.servers.map(({ state }) => state)
})

/** Runs one shell line on a server of the lab, over SSH, as a person would. */
async function on(server: string, line: string): Promise<string> {
  const [program = '', ...words] = shellCommand(name, server)
  return (await spawn(program, [...words, line], { stdin: 'ignore' })).stdout
}

/** A shell line that says whether a TCP connection can be opened within a second. */
const reach = (host: string, port: number): string =>
  `timeout 1 bash -c '</dev/tcp/${host}/${port}' 2>/dev/null && echo reached || echo 'not reached'`

const bootOf = (server: string): Promise<string> => on(server, 'cat /proc/sys/kernel/random/boot_id')

const address = (lab: Lab, server: string): string => lab.servers.find((each) => each.name === server)?.address ?? ''

function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket
      .once('data', () => answer(true))
      .once('error', () => answer(false))
      .once('timeout', () => answer(false))
  })
}

async function until(deadlineMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const started = Date.now()
  while (!(await isSo())) {
    if (Date.now() - started > deadlineMs) throw new Error(`not so within ${deadlineMs} ms`)
    await sleep(100)
  }
}

const lines = ({ stdout }: { stdout: string }): readonly string[] => stdout.split('\n')

const cgroupFolders = (path: string): readonly string[] =>
  ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'].map((root) =>
    join(root, 'trimaran', name, path),
  )

async function cgroup(server: string, part: string): Promise<readonly string[]> {
  const files = cgroupFolders(join(server, part, 'cgroup.procs')).filter((file) => existsSync(file))
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return texts.flatMap((text) => text.trim().split('\n')).filter((pid) => pid !== '')
}
