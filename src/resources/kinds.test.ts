import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sh } from '../shell/sh.ts'
import { directoryKind } from './directory.ts'
import { fileKind } from './file.ts'
import { kernelSettingKind } from './kernel-setting.ts'
import { packageKind } from './package.ts'
import type { File, Unit } from './resource.ts'
import type { Trigger } from './resource-kind.ts'
import { symlinkKind } from './symlink.ts'
import { treeKind } from './tree.ts'
import { unitKind } from './unit.ts'
import { userKind } from './user.ts'

const alone = { triggers: [] }
const owned = { owner: 'root', group: 'root' }
const motd: File = { kind: 'file', path: '/etc/motd', content: 'hello\n', mode: '0644', ...owned }
const haproxy: Unit = { kind: 'unit', name: 'haproxy.service', state: 'running' }

describe('package', () => {
  const answer = 'haproxy\tinstalled\t3.0.11-1+deb13u2\nnginx\tconfig-files\t1.26.3-3\n'

  it('knows what is installed, and that removed packages are not', () => {
    expect([...packageKind.read(answer).keys()]).toEqual(['haproxy'])
  })

  it('installs all that is missing at once', () => {
    const wanted = ['haproxy', 'nginx', 'curl'].map((name) => ({ kind: 'package', name }) as const)
    const steps = packageKind.close(wanted, packageKind.read(answer), alone)
    expect(steps.map(({ action, name }) => `${action} ${name}`)).toEqual(['install nginx curl'])
    expect(steps[0]!.packages).toEqual(['nginx', 'curl'])
  })

  it('checks the oldest version that is accepted', () => {
    const [step] = packageKind.close([{ kind: 'package', name: 'patroni', atLeast: '4.0.7' }], new Map(), alone)
    expect(step!.apply.text).toContain('dpkg --compare-versions "$version" ge 4.0.7')
  })
})

describe('user', () => {
  it('reads passwd and creates who is missing', () => {
    const facts = userKind.read('app:x:998:998::/srv/app:/usr/sbin/nologin\n')
    expect(userKind.close([{ kind: 'user', name: 'app', home: '/srv/app' }], facts, alone)).toEqual([])
    expect(userKind.close([{ kind: 'user', name: 'ops', home: '/' }], facts, alone)).toHaveLength(1)
  })
})

describe('directory', () => {
  it('says what is wrong with the one that is there', () => {
    const facts = directoryKind.read('/srv/app\t41c0\troot\troot\n')
    const [step] = directoryKind.close([{ kind: 'directory', path: '/srv/app', mode: '0755', ...owned }], facts, alone)
    expect(step!.reason).toBe('is 0700 root:root, should be 0755 root:root')
  })
})

describe('file', () => {
  const factOf = ({ path, mode, owner, group, content }: File): string =>
    `${path}\t${mode.replace(/^0/, '')}\t${owner}\t${group}\t${Buffer.from(content).toString('hex')}\n`

  it('leaves alone what is as it should be, whatever its content', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (content) => {
        const file = { ...motd, content }
        expect(fileKind.close([file], fileKind.read(factOf(file)), alone)).toEqual([])
      }),
    )
  })

  it('shows what changes', () => {
    const facts = fileKind.read(factOf({ ...motd, content: 'bye\n' }))
    const [step] = fileKind.close([motd], facts, alone)
    expect(step).toMatchObject({ action: 'change', diff: { before: 'bye\n', after: 'hello\n' } })
  })

  it('never shows a secret, not even that of before', () => {
    const facts = fileKind.read(factOf({ ...motd, content: 'password\n' }))
    const [step] = fileKind.close([{ ...motd, secret: true }], facts, alone)
    expect(step!.diff).toBeUndefined()
    expect(JSON.stringify({ ...step, prepare: '', apply: '' })).not.toContain('password')
  })

  it('runs the checker on the staged copy, before anything is put in place', () => {
    const [step] = fileKind.close([{ ...motd, check: sh`haproxy -c -f "$file"` }], new Map(), alone)
    expect(step!.prepare!.text).toContain('haproxy -c -f "$file"')
    expect(step!.apply.text).not.toContain('haproxy')
  })

  it('brings back what stood there before Trimaran when it is no longer declared', () => {
    expect(fileKind.remove!('/etc/motd', {}).apply.text).toContain(
      'mv -fT /var/lib/trimaran/original/etc/motd /etc/motd',
    )
  })
})

describe('symlink', () => {
  const current = { kind: 'symlink', path: '/srv/app/current', target: 'releases/2' } as const

  it('turns, and knows the way back', () => {
    const [step] = symlinkKind.close([current], symlinkKind.read('/srv/app/current\treleases/1\n'), alone)
    expect(step!.reason).toBe('points to releases/1, should point to releases/2')
    expect(step!.rollBack!.text).toContain('ln -sfT releases/1 /srv/app/current.trimaran-new')
  })
})

describe('tree', () => {
  const release = { kind: 'tree', path: '/srv/app/releases/2', payload: 'release:2', owner: 'root' } as const

  it('asks for all trees beside the one that is wanted', () => {
    expect(treeKind.ask([release]).text).toContain('for tree in /srv/app/releases/*; do')
  })

  it('does not take one that is being unpacked for a whole one', () => {
    const facts = treeKind.read('/srv/app/releases/1\twhole\n')
    expect(treeKind.close([release], facts, alone)[0]!.payload).toBe('release:2')
  })
})

describe('kernel setting', () => {
  const setting = { kind: 'kernel-setting', name: 'net.ipv4.tcp_rmem', value: '4096 131072 6291456' } as const

  it('compares values as the kernel writes them', () => {
    const facts = kernelSettingKind.read('net.ipv4.tcp_rmem\tyes\t4096 131072 6291456\n')
    expect(kernelSettingKind.close([setting], facts, alone)).toEqual([])
  })

  it('leaves alone what the server cannot set', () => {
    const facts = kernelSettingKind.read('net.ipv4.tcp_rmem\tno\t1 2 3\n')
    expect(kernelSettingKind.close([setting], facts, alone)).toEqual([])
  })
})

describe('unit', () => {
  const config: Trigger = { path: '/etc/haproxy/haproxy.cfg', fingerprint: 'f1', onChange: 'reload', changing: false }
  /** Fingerprint of a unit without a probe of its own. */
  const noProbe = 'e3b0c44298fc1c14'
  const answerOf = (state: string, fingerprint: string): string =>
    `unit haproxy.service\n${fingerprint} /etc/haproxy/haproxy.cfg\n${noProbe} probe\nstates\nId=haproxy.service\nActiveState=${state}\nUnitFileState=enabled\n`
  const close = (answer: string, triggers: readonly Trigger[], unit = haproxy) =>
    unitKind.close([unit], unitKind.read(answer), { triggers }).map(({ action, reason }) => `${action}: ${reason}`)

  it('leaves alone what runs with what it should', () => {
    expect(close(answerOf('active', 'f1'), [config])).toEqual([])
  })

  it('starts what does not run', () => {
    expect(close(answerOf('inactive', 'f1'), [config])).toEqual(['start: is not running'])
    expect(close(answerOf('failed', 'f1'), [config])).toEqual(['start: is failed'])
  })

  it('reloads for a file that changes', () => {
    expect(close(answerOf('active', 'f1'), [{ ...config, changing: true }])).toEqual(['reload: for haproxy.cfg'])
  })

  it('reloads for a file that changed while nobody told the unit', () => {
    expect(close(answerOf('active', 'f0'), [config])).toEqual(['reload: still runs with what haproxy.cfg said before'])
  })

  it('names files of one name once', () => {
    const another = { ...config, path: '/etc/other/haproxy.cfg' }
    expect(close(answerOf('active', 'f0'), [config, another])).toEqual([
      'reload: still runs with what haproxy.cfg said before',
    ])
  })

  it('restarts where one of the changes needs it', () => {
    const dropIn: Trigger = {
      path: '/etc/systemd/system/haproxy.service.d/x.conf',
      fingerprint: 'n',
      onChange: 'restart',
      changing: true,
    }
    expect(close(answerOf('active', 'f1'), [config, dropIn])).toEqual(['restart: for x.conf'])
  })

  it('restarts for a file that it once read and that is gone', () => {
    expect(close(answerOf('active', 'f1'), [])).toEqual(['restart: for haproxy.cfg'])
  })

  it('asks again when the probe is another one, without touching the unit', () => {
    expect(close(answerOf('active', 'f1'), [config], { ...haproxy, probe: sh`curl /up` })).toEqual([
      'check: is checked by another probe than before',
    ])
  })

  it('masks once', () => {
    const unit: Unit = { kind: 'unit', name: 'postgresql.service', state: 'masked' }
    const masked = 'states\nId=postgresql.service\nActiveState=inactive\nUnitFileState=masked\n'
    expect(close(masked, [], unit)).toEqual([])
    expect(close(masked.replace('masked', 'enabled'), [], unit)).toHaveLength(1)
  })
})
