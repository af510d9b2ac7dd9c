import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shellCommand } from '../../../src/lab/index.ts'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeProject, type Project } from '../support/project.ts'
import { type Ran, runProgram } from '../support/run-program.ts'

const evil = '/var/cache/app/evil'
const leak = {
  allow: [
    '0.0.0.0/0\n    http-request return status 200 content-type text/plain file /etc/ssh/ssh_host_ed25519_key if { path /leak }',
  ],
}
/** What would be taken for the answers of root's own questions, were it believed. */
const forged = [
  String.raw`\u001emanifest\napp unit ../../../../..${evil}\napp file ${evil}\n\u001eend`,
  String.raw`\u001estack-state\n${JSON.stringify(JSON.stringify({ number: 5000, release: 'r1', kept: ['r1'], drained: [], maintenance: leak })).slice(1, -1)}\n\u001eend`,
  String.raw`${'f'.repeat(32)} manifest ${Buffer.from(`app unit ../../../../..${evil}\n`).toString('base64')}\n`,
  String.raw`\nasked=yes\ncopy=blue web 3000 /up\nActiveState=active\nhealth=200 0.001\n`,
  String.raw`manifest\napp unit ../../../../..${evil}\n`,
]
/** Well until told otherwise; then it answers 500 and says all of that, over and over. */
const forging = `
  const { existsSync } = require('node:fs')
  const isUnwell = () => existsSync('/var/cache/app/unwell')
  const answer = (request, response) => {
    response.statusCode = isUnwell() && request.url === '/up' ? 500 : 200
    response.end('well')
  }
  require('node:http').createServer(answer).listen(process.env.PORT, '0.0.0.0')
  setInterval(() => isUnwell() && process.stdout.write(\`${forged.join('')}\\n\`), 200)
`
const plain = `
  require('node:http').createServer((_, answer) => answer.end('well')).listen(process.env.PORT, '0.0.0.0')
`

/** A server's answers are a stranger's: nothing that one of them says becomes a step, and none of them holds up the others. */
describe.skipIf(!labPossible)(`attacks by what a server answers${whySkipped}`, () => {
  let project: Project
  let url = ''

  beforeAll(async () => {
    project = await makeProject('tanswers')
    await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
    await project.edit('web: { servers: 1', 'web: { servers: 2')
    await project.edit('servers: 1,\n    source', 'servers: 2,\n    source')
    await project.edit("build: 'npm ci && node build.js',", '')
    await project.edit("runtime: { node: '24' }", "runtime: { packages: ['nodejs'] }")
    await project.edit("start: 'node server.js'", "start: 'node app.cjs'")
    await writeFile(join(project.folder, 'app.cjs'), forging)
    const { stdout } = await run('up', '--yes')
    url = /http:\/\/[\d.]+/.exec(stdout)![0]
  }, 900_000)
  afterAll(() => project?.remove())

  const trimaran = (...words: readonly string[]): Promise<Ran> => project.trimaran(...words, '--lab')
  const run = async (...words: readonly string[]): Promise<Ran> => {
    const ran = await trimaran(...words)
    expect(ran.code, `${words.join(' ')}\n${ran.stdout}${ran.stderr}`).toBe(0)
    return ran
  }
  /** Past Trimaran, as root, over a connection of its own. */
  const on = async (server: string, line: string): Promise<string> => {
    const [program = '', ...words] = shellCommand(project.name, server)
    return (await runProgram(program, [...words, line]).ended).stdout.trim()
  }
  const servers = ['lb-1', 'web-1', 'web-2', 'app-1', 'app-2', 'db-1'] as const
  type Name = (typeof servers)[number]
  /** The state of each server, as the operator sees it. */
  const states = async (): Promise<{
    readonly code: number
    readonly seconds: number
    readonly of: Record<Name, string>
  }> => {
    const { code, stdout, milliseconds } = await trimaran('status', '--json')
    const report = JSON.parse(stdout) as {
      readonly servers: readonly { readonly name: Name; readonly state: string }[]
    }
    return {
      code,
      seconds: milliseconds / 1000,
      of: Object.fromEntries(report.servers.map(({ name, state }) => [name, state])) as Record<Name, string>,
    }
  }
  const allWell = Object.fromEntries(servers.map((name) => [name, 'well']))
  /** Nothing of what was forged was run or served anywhere. */
  const expectNoHarm = async (): Promise<void> => {
    for (const server of servers) expect(await on(server, 'ls /tmp/owned 2>/dev/null'), server).toBe('')
    const answer = await fetch(`${url}/leak`)
    expect([answer.status, await answer.text()]).toEqual([200, 'well'])
  }

  it('is well without any of them: the control', async () => {
    expect(await states()).toMatchObject({ code: 0, of: allWell })
    expect((await run('plan')).stdout).toContain('nothing to do')
    await expectNoHarm()
  })

  describe('an app that forges answers in its log while it is unwell', () => {
    beforeAll(async () => {
      await on(
        'app-1',
        `printf '#!/bin/sh\\ntouch /tmp/owned\\n' >${evil}; chmod 755 ${evil}; chown app ${evil}; touch /var/cache/app/unwell; sleep 2`,
      )
    })

    it('is down for whoever calls it, and that is all that is known of it', async () => {
      expect(await on('app-1', 'journalctl --namespace=app -o cat -n 20 | grep -c manifest')).not.toBe('0')
      const of = { ...allWell, 'app-1': 'down', 'web-1': 'degraded', 'web-2': 'degraded' }
      expect(await states()).toMatchObject({ code: 4, of })
    })

    it('brings nothing into a plan', async () => {
      const { stdout } = await run('plan')
      expect(stdout).toContain('nothing to do')
      expect(stdout).not.toContain('evil')
    })

    it('has nothing run by the deploy of a release that is well', async () => {
      await writeFile(join(project.folder, 'app.cjs'), plain)
      await run('deploy', '--yes')
      expect(await states()).toMatchObject({ code: 0, of: allWell })
      await expectNoHarm()
    })
  })

  describe('a manifest that root of one server wrote by hand', () => {
    const manifest = '/var/lib/trimaran/manifest'
    const lines = [
      `app unit ../../../../..${evil}`,
      `app file /usr/local/lib/trimaran/leave/../../../../..${evil}`,
      'app file /etc/shadow',
      'app tree /srv/app/releases/..',
      'app unit ssh.service',
      String.raw`app file /etc/trimaran/\033[2Jx`,
    ]
    beforeAll(async () => {
      await on('app-1', `cp -a ${manifest} ${manifest}.kept; printf '${lines.join('\\n')}\\n' >>${manifest}`)
    })
    afterAll(async () => {
      await on('app-1', `rm -f ${manifest}.kept`)
    })

    it('is a finding of plan and check about that server', async () => {
      for (const verb of ['plan', 'check']) {
        const { stdout } = await run(verb)
        expect(stdout, verb).toMatch(/app-1:? .*says of what was placed there what cannot be/)
        // eslint-disable-next-line no-control-regex
        expect(stdout, verb).not.toMatch(/\u001B/)
      }
      expect(await states()).toMatchObject({ code: 4, of: { ...allWell, 'app-1': 'degraded' } })
    })

    it('has nothing stopped, removed or run, and is written anew', async () => {
      await run('up', '--yes')
      expect(await on('app-1', 'systemctl is-active ssh; stat -c %U /etc/shadow; ls -d /srv/app/releases')).toBe(
        'active\nroot\n/srv/app/releases',
      )
      await expectNoHarm()
      expect(await on('app-1', `diff ${manifest} ${manifest}.kept`)).toBe('')
      expect((await run('plan')).stdout).not.toContain('what cannot be')
    })
  })

  describe('stack state that root of one server wrote by hand', () => {
    const path = '/var/lib/trimaran/state.json'
    const write = (change: string): Promise<string> =>
      on(
        'app-1',
        `python3 -c 'import json; f = "${path}"; o = json.load(open(f)); ${change}; json.dump(o, open(f, "w"), indent=1)'`,
      )
    const served = async (): Promise<readonly unknown[]> => [
      (await fetch(`${url}/`)).status,
      await on('lb-1', 'grep -c ssh_host /etc/haproxy/haproxy.cfg'),
    ]
    const expectRefused = async (words: string): Promise<void> => {
      for (const verb of ['plan', 'up']) {
        const { stdout } = await run(verb, ...(verb === 'up' ? ['--yes'] : []))
        expect(stdout, verb).toContain(`app-1: its copy of the stack state ${words}`)
      }
      expect(await served()).toEqual([200, '0'])
      expect((await run('plan')).stdout).not.toContain('stack state')
    }

    it('is not used where it is not signed', async () => {
      await write(`o.update(number=5000, maintenance={"allow": ["0.0.0.0/0"]}); o.pop("signature")`)
      await expectRefused('is not signed')
    })

    it('is not used where it is signed with another key', async () => {
      await write(`o.update(number=5000, maintenance={"allow": []}, signature="0" * 64)`)
      await expectRefused('is not signed with the key of this stack')
    })

    it('is not used where it is older than what was seen', async () => {
      await on('app-1', `cp -a ${path} /root/older`)
      await run('drain', 'web-2', '--yes')
      await run('undrain', 'web-2', '--yes')
      await on('app-1', `cp -a /root/older ${path}; rm /root/older`)
      await expectRefused('is number')
    })

    it('stops everything where nothing newer is left anywhere', async () => {
      for (const server of servers) await on(server, `cp -a ${path} /root/older`)
      await run('drain', 'web-2', '--yes')
      for (const server of servers) await on(server, `cp -a ${path} /root/newer; cp -a /root/older ${path}`)
      const { code, stdout, stderr } = await trimaran('up', '--yes')
      expect(code).toBe(1)
      expect(stdout + stderr).toContain('the newest stack state that was found is number')
      expect((await fetch(`${url}/`)).status).toBe(200)
      for (const server of servers) await on(server, `mv -f /root/newer ${path}; rm /root/older`)
      await run('undrain', 'web-2', '--yes')
      expect(await states()).toMatchObject({ code: 0, of: allWell })
    })
  })

  describe('a server whose answer is none', () => {
    /** Only for those who ask as Trimaran does: this test gets in all the same. */
    const whenAsked = (what: string): string =>
      `cp -a /root/.bashrc /root/.bashrc.kept; sed -i '1i case $(tr "\\\\0" " " </proc/$$/cmdline) in *trimaran*) ${what} ;; esac' /root/.bashrc`
    /** A program of root's is found before that of the same name that scripts mean. */
    const inPlaceOf = (name: string, what: string, runs: string): readonly [string, string] => [
      `printf '#!/bin/sh\\n%s\\n' '${what}' >/usr/local/sbin/${name}; chmod 755 /usr/local/sbin/${name}`,
      `rm /usr/local/sbin/${name}; pkill -x '${name}|${runs}'`,
    ]
    const ways: Readonly<Record<string, readonly [start: string, end: string]>> = {
      'endless from its first word': [whenAsked('yes'), 'mv -f /root/.bashrc.kept /root/.bashrc; pkill -x yes'],
      'endless in one section': [
        'cd /var/lib/trimaran; mv manifest kept; ln -s /dev/zero manifest',
        'cd /var/lib/trimaran; mv -fT kept manifest',
      ],
      'never begun, by a shell that hangs': [
        whenAsked('sleep 3600'),
        'mv -f /root/.bashrc.kept /root/.bashrc; pkill -x sleep',
      ],
      'a letter a second, from its first word': [
        whenAsked('while printf x; do sleep 1; done'),
        'mv -f /root/.bashrc.kept /root/.bashrc; pkill -x sleep',
      ],
      'a letter a second, in one section': inPlaceOf('base64', 'while printf A; do sleep 1; done', 'sleep'),
      'a line a second, and never the last one': inPlaceOf('base64', 'while echo A; do sleep 1; done', 'sleep'),
      'gigabytes in one section': inPlaceOf('base64', 'cat /dev/zero', 'cat'),
      'never ended, by a section that hangs': [
        'cd /var/lib/trimaran; mv state.json kept; mkfifo state.json',
        'cd /var/lib/trimaran; mv -fT kept state.json',
      ],
    }

    /** Does something while web-2 answers so, and has it well again after that. */
    const during = async (way: string, work: () => Promise<void>): Promise<void> => {
      const [start, end] = ways[way]!
      await on('web-2', start)
      try {
        await work()
      } finally {
        await on('web-2', end)
      }
      await run('up', '--yes')
      expect(await states()).toMatchObject({ code: 0, of: allWell })
    }

    it.each(Object.keys(ways))('%s: it costs its own line', async (way) => {
      await during(way, async () => {
        const { code, seconds, of } = await states()
        expect({ code, of }).toEqual({ code: 4, of: { ...allWell, 'web-2': 'down' } })
        // Five to fifteen where the computer is idle: `observe.test.ts` and `test/ssh` hold the exact bounds.
        expect(seconds).toBeLessThan(90)
        const plan = await run('plan')
        expect(plan.stdout).toContain('web-2 is unreachable')
        expect(plan.stdout).toContain('nothing to do')
        process.stdout.write(
          `${way}: status ${seconds.toFixed(1)} s, plan ${(plan.milliseconds / 1000).toFixed(1)} s\n`,
        )
        expect((await fetch(`${url}/`)).status).toBe(200)
      })
    })

    it('does not stop a deploy', async () => {
      await during('never begun, by a shell that hangs', async () => {
        await writeFile(join(project.folder, 'app.cjs'), `${plain}// and on without it\n`)
        expect((await run('deploy', '--yes')).stdout).toContain('web-2 did not answer')
        expect((await fetch(`${url}/`)).status).toBe(200)
      })
    })
  })
})
