import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPossible, whySkipped } from './lab-possible.ts'
import { bootForeignServers, type ForeignServers, makeSiteProject, withSshConfig } from './support/foreign-servers.ts'
import { makeProject, type Project } from './support/project.ts'
import type { Ran } from './support/run-program.ts'

/** Situations in which `up` must say what is wrong, where, why and what to do, and leave every server as it was. */
describe.skipIf(!labPossible)(`trouble${whySkipped}`, () => {
  const servers = { alpha: 51, gamma: 53, delta: 54, epsilon: 55 }
  let foreign: ForeignServers
  let project: Project
  let virtualAddress: string

  beforeAll(async () => {
    foreign = await bootForeignServers({ title: 'tbad-hosts', servers: { ...servers, stranger: 99 } })
    virtualAddress = foreign.addressOf(60)
    project = await makeSiteProject(foreign, {
      title: 'tbad',
      balancer: ['alpha'],
      web: ['gamma'],
      app: ['delta'],
      database: ['epsilon'],
      virtualAddress: `${virtualAddress}/24`,
    })
  })
  afterAll(async () => {
    await project?.remove()
    await foreign?.remove()
  })

  /** All that Trimaran could have left on the servers. */
  const traces = (): Promise<readonly string[]> =>
    Promise.all(
      Object.keys(servers).map((server) =>
        foreign.on(
          server,
          `cat /var/lib/trimaran/manifest 2>/dev/null
           find /etc /srv /opt /usr/local /var/lib/trimaran /var/log/trimaran -printf '%p %s %T@ %m %u\\n' 2>/dev/null |
             grep -vE '^/etc (4096|[0-9]+) ' | sort
           systemctl is-active haproxy keepalived nginx app-green.target patroni etcd chrony
           ip -4 -o address | grep -c . ; true`,
        ),
      ),
    )
  /** Runs a command that must fail, and that must not touch a server. */
  const refused = async (...words: readonly string[]): Promise<Ran & { readonly said: string }> => {
    const before = await traces()
    const ran = await project.trimaran(...words)
    const said = ran.stdout + ran.stderr
    print(`$ trimaran ${words.join(' ')}   # ${expect.getState().currentTestName}\n${said}[${ran.code}]\n`)
    expect(ran.code, said).not.toBe(0)
    expect(await traces()).toEqual(before)
    return { ...ran, said }
  }
  /** Both that look before anything is changed must find it: `check`, and `up` itself. */
  const refusedByBoth = async (...wanted: readonly string[]): Promise<void> => {
    for (const words of [['check'], ['up', '--yes']]) {
      const { code, said } = await refused(...words)
      expect(code).toBe(1)
      for (const text of wanted) expect(unwrapped(said)).toContain(text)
    }
  }
  const up = async (): Promise<Ran & { readonly said: string }> => {
    const ran = await project.trimaran('up', '--yes')
    return { ...ran, said: ran.stdout + ran.stderr }
  }

  describe('before the first up', () => {
    it('another program holds a port', async () => {
      await foreign.on('gamma', `systemd-run -q --unit=squatter perl -MIO::Socket::INET -e '${listener}'; sleep 0.5`)
      await refusedByBoth('port 80', 'in use by perl (squatter.service)', 'systemctl disable --now squatter.service')
      await foreign.on('gamma', 'systemctl stop squatter')
    })

    it('the virtual address is in use by another machine', async () => {
      await foreign.on('stranger', `ip address add ${virtualAddress}/24 dev eth0`)
      await refusedByBoth(
        `the virtual address ${virtualAddress} is in use: another machine answers there`,
        'use a free address',
      )
      await foreign.on('stranger', `ip address delete ${virtualAddress}/24 dev eth0`)
    })

    it('a server has no room', async () => {
      await foreign.on('gamma', smallCopyOf('/var', '280m'))
      await refusedByBoth('of disk are free', 'apt-get clean')
      await foreign.on('gamma', 'umount -l /var && umount -l /mnt/small')
    })

    it('a server belongs to another stack', async () => {
      await foreign.on('delta', 'mkdir -p /var/lib/trimaran && echo webshop >/var/lib/trimaran/stack')
      await refusedByBoth('belongs to another stack already, webshop', 'trimaran down')
      await foreign.on('delta', 'rm -r /var/lib/trimaran')
    })

    it('a server runs Debian 12', async () => {
      await foreign.on(
        'epsilon',
        `sed -i.real -e 's/^VERSION_ID=.*/VERSION_ID="12"/; s/13 (trixie)/12 (bookworm)/' /usr/lib/os-release`,
      )
      await refusedByBoth('(bookworm), and Trimaran needs Debian 13', 'upgrade it')
      await foreign.on('epsilon', 'mv /usr/lib/os-release.real /usr/lib/os-release')
    })

    it('SSH offers a key that no server knows', async () => {
      const other = join(project.folder, 'other_key')
      await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
      await withSshConfig(
        project,
        (text) => text.replaceAll(/IdentityFile .*/g, `IdentityFile "${other}"`),
        async () => {
          const { code, said } = await refused('up', '--yes')
          expect(code).toBe(1)
          expect(unwrapped(said)).toContain('accepts none of your keys')
          expect(said).toContain('TRI-SSH-002')
        },
      )
    })

    it('a server shows another host key', async () => {
      const known = join(project.folder, 'known_hosts_of_before')
      const key = (await readFile(join(project.folder, 'other_key.pub'), 'utf8')).split(' ')[1]!
      await writeFile(
        known,
        Object.values(servers)
          .map((host) => `${foreign.addressOf(host)} ssh-ed25519 ${key}\n`)
          .join(''),
      )
      await withSshConfig(
        project,
        (text) => text.replaceAll(/UserKnownHostsFile .*/g, `UserKnownHostsFile "${known}"`),
        async () => {
          const { code, said } = await refused('up', '--yes')
          expect(code).toBe(1)
          expect(unwrapped(said)).toContain('shows another host key than before')
          expect(unwrapped(said)).toContain('ssh-keygen -f')
        },
      )
    })

    it('the stack key is too short', async () => {
      process.env['TRIMARAN_KEY'] = 'secret'
      const { code, said } = await refused('up', '--yes')
      delete process.env['TRIMARAN_KEY']
      expect(code).toBe(2)
      expect(said).toContain('The stack key is too short')
      expect(said).not.toContain('secret\n')
    })

    it('the file has counts, and names no server', async () => {
      const counting = await makeProject('tbad-counts')
      const { code, stderr } = await counting.trimaran('up', '--yes')
      await rm(counting.folder, { recursive: true })
      print(stderr)
      expect(code).toBe(2)
      expect(unwrapped(stderr)).toContain('a number says how many servers, not which')
      expect(unwrapped(stderr)).toContain('--lab')
    })

    it('has left no key behind, since nothing was set up with it', () => {
      expect(existsSync(join(project.folder, '.trimaran', 'key'))).toBe(false)
    })

    it('a server has no room for the release', async () => {
      await foreign.on('delta', 'mount -t tmpfs -o size=1m,mode=755 small /srv')
      const { said } = await refused('up', '--yes')
      await foreign.on('delta', 'umount /srv')
      expect(unwrapped(said)).toContain('There is not enough room for the release on app-1')
      expect(said).toContain('no server was changed')
    })

    it('the release cannot be built: no server is touched', async () => {
      await project.edit("build: 'npm ci", "build: 'exit 3; npm ci")
      const { code, said } = await refused('up', '--yes')
      await project.edit("build: 'exit 3; npm ci", "build: 'npm ci")
      expect(code).toBe(1)
      expect(unwrapped(said)).toContain('ended with 3')
      expect(unwrapped(said)).toContain('no server was changed')
    })
  })

  describe('in the middle of an apply', () => {
    it('a disk fills up: the step is rolled back, its room is given back, and the next up goes on', async () => {
      // There is room when it is looked at, and none once the first folder was made there.
      await foreign.on(
        'delta',
        `mount -t tmpfs -o size=700m,mode=755 small /srv
         systemd-run -q --collect --unit=filler bash -c 'until [ -d /srv/app ]; do sleep 0.02; done; cat /dev/zero >/srv/filling'`,
      )
      const { code, said } = await up()
      print(said)
      expect(code).toBe(1)
      expect(said).toContain('No space left on device')
      expect(said).toContain('rolled back')
      expect(
        await foreign.on(
          'delta',
          'find /srv/app/releases -mindepth 1; ls /var/lib/trimaran/inbox; systemctl is-active app-green.target || true',
        ),
      ).toBe('inactive')
      await foreign.on('delta', 'umount /srv')
      const again = await up()
      expect(again.code, again.said).toBe(0)
      expect((await fetch(`http://${virtualAddress}/up`)).status).toBe(200)
    })
  })

  describe('on a stack that serves', () => {
    const changeByHand = (server: string) => foreign.on(server, 'echo "# by hand" >>/etc/nginx/nginx.conf')

    it('has nothing to do by itself', async () => {
      expect((await up()).said).toContain('nothing to do')
    })

    it('the folder that remembers what was placed is full', async () => {
      await changeByHand('gamma')
      await foreign.on('gamma', `${smallCopyOf('/var/lib/trimaran')}; ${fill}`)
      const before = await foreign.on('gamma', 'sha256sum /etc/nginx/nginx.conf /var/lib/trimaran/manifest')
      const { code, said } = await up()
      print(said)
      const after = await foreign.on('gamma', 'sha256sum /etc/nginx/nginx.conf /var/lib/trimaran/manifest')
      await foreign.on('gamma', 'umount -l /var/lib/trimaran; umount -l /mnt/small')
      expect(code).toBe(1)
      expect(unwrapped(said)).toContain('/var/lib/trimaran/manifest could not be written (free there: 0)')
      expect(after).toBe(before)
      expect((await up()).code).toBe(0)
    })

    it('the folder of a file is full: the file stays as it is, whole', async () => {
      await changeByHand('gamma')
      await foreign.on('gamma', `${smallCopyOf('/etc/nginx')}; ${fill}`)
      const question = 'sha256sum /etc/nginx/nginx.conf; ls /etc/nginx; systemctl is-active nginx'
      const before = await foreign.on('gamma', question)
      const { code, said } = await up()
      print(said)
      const after = await foreign.on('gamma', question)
      await foreign.on('gamma', 'umount -l /etc/nginx; umount -l /mnt/small')
      expect(code).toBe(1)
      expect(said).toContain('No space left on device')
      expect(after).toBe(before)
      expect((await up()).code).toBe(0)
    })

    it('one server no longer accepts the key: it does not count as unreachable', async () => {
      await changeByHand('gamma')
      await withSshConfig(
        project,
        (text) => `Host epsilon\n  User nobody\n\n${text}`,
        async () => {
          const { code, said } = await refused('up', '--yes')
          expect(code).toBe(1)
          expect(unwrapped(said)).toContain('accepts none of your keys')
        },
      )
      expect((await up()).code).toBe(0)
    })

    it('the stack key is missing here, or is another one', async () => {
      const key = join(project.folder, '.trimaran', 'key')
      await rename(key, `${key}.kept`)
      await refusedByBoth('set up with another stack key', '.trimaran/key')
      expect(existsSync(key)).toBe(false)
      process.env['TRIMARAN_KEY'] = 'x'.repeat(40)
      await refusedByBoth('set up with another stack key')
      delete process.env['TRIMARAN_KEY']
      await rename(`${key}.kept`, key)
      expect((await up()).said).toContain('nothing to do')
    })

    it('the virtual address is given to another machine: the one that is in use is found, our own is not', async () => {
      const other = foreign.addressOf(61)
      await foreign.on('stranger', `ip address add ${other}/24 dev eth0`)
      await project.edit(`${virtualAddress}/24`, `${other}/24`)
      await refusedByBoth(`${other} is in use`)
      await project.edit(`${other}/24`, `${virtualAddress}/24`)
    })

    it('two operators come at once: one does the work, the other is told', async () => {
      await changeByHand('gamma')
      const both = await Promise.all([up(), up()])
      print(both.map(({ code, said }) => `${said}[${code}]`).join('\n---\n'))
      expect(both.some(({ code }) => code === 0)).toBe(true)
      const others = both.filter(({ code }) => code !== 0)
      for (const { said } of others) expect(said).toMatch(/TRI-LOCK-001|TRI-PLAN-002/)
      expect((await up()).said).toContain('nothing to do')
    })
  })
})

/** Wrapped lines as one, so that a sentence is found wherever it was broken. */
const unwrapped = (text: string): string => text.replaceAll(/\s+/g, ' ')

/** Without a variable: systemd would put one of its own in its place. */
const listener =
  'push @held, IO::Socket::INET->new(LocalPort => 80, Listen => 5, ReuseAddr => 1) or die; sleep 1 while 1'

/** Puts a folder, as it is, on a disk of its own that is small. */
const smallCopyOf = (folder: string, size = '4m'): string =>
  `mkdir -p /mnt/small && mount -t tmpfs -o size=${size} small /mnt/small && cp -a ${folder}/. /mnt/small && mount --bind /mnt/small ${folder}`

/** To the last byte. */
const fill = 'for size in 64k 1k 1; do dd if=/dev/zero of=/mnt/small/fill-$size bs=$size 2>/dev/null; done; true'

/** `TROUBLE_LOG=1` shows what an operator would read, to be checked by eye. */
function print(text: string): void {
  if (process.env['TROUBLE_LOG'] !== undefined) process.stdout.write(`${text}\n`)
}
