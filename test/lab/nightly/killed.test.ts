import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shellCommand } from '../../../src/lab/index.ts'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeProject, type Project } from '../support/project.ts'
import { type Ran, runProgram } from '../support/run-program.ts'

/** What an `up` on empty servers has said when it is killed, and then the one that goes on from there. */
const moments = [
  ['booting', 'Wave 1 of'],
  ['Plan for', 'Wave 2 of'],
  ['building release', 'Wave 4 of'],
] as const

describe.skipIf(!labPossible)(`an up that ends too early${whySkipped}`, () => {
  let project: Project

  beforeAll(async () => {
    project = await makeProject('tbad-killed')
    await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
  })
  afterAll(async () => {
    await project?.remove()
  })

  const up = async (): Promise<Ran & { readonly said: string }> => {
    const ran = await project.trimaran('up', '--lab', '--yes')
    return { ...ran, said: ran.stdout + ran.stderr }
  }
  const expectConvergence = async (): Promise<void> => {
    const { code, said } = await up()
    expect(code, said).toBe(0)
    const again = await up()
    expect(again.said).toContain('nothing to do')
    expect(again.code).toBe(0)
  }
  /** Past Trimaran, over a connection of its own. */
  const on = async (server: string, line: string): Promise<string> => {
    const [program = '', ...words] = shellCommand(project.name, server)
    return (await runProgram(program, [...words, line]).ended).stdout.trim()
  }
  const address = async (): Promise<string> =>
    (JSON.parse((await project.trimaran('status', '--lab', '--json')).stdout) as { address: string }).address

  it.each(moments)(
    'killed at “%s”, and again at “%s”: the next does the rest, the one after nothing',
    async (...both) => {
      for (const text of both) {
        const killed = project.start('up', '--lab', '--yes')
        await killed.said(text)
        await killed.kill()
      }
      await expectConvergence()
      expect((await fetch(`http://${await address()}/up`)).status).toBe(200)
      if (both[0] !== moments.at(-1)![0]) expect((await project.trimaran('down', '--lab', '--yes')).code).toBe(0)
    },
  )

  describe('with a web server that takes its time, and a balancer that would be next', () => {
    /** nginx then needs three seconds to start: long enough to be met in the middle of it. */
    const slowDown = async (): Promise<void> => {
      await on(
        'web-1',
        `mkdir -p /run/systemd/system/nginx.service.d
         printf '[Service]\\nExecStartPre=/bin/sleep 3\\n' >/run/systemd/system/nginx.service.d/slow.conf
         systemctl daemon-reload; systemctl stop nginx`,
      )
      await on('lb-1', 'echo "# by hand" >>/etc/haproxy/haproxy.cfg')
    }
    const nginxState = (): Promise<string> => on('web-1', 'systemctl show -p ActiveState --value nginx')
    const untilStarting = async (): Promise<void> => {
      for (let tries = 0; tries < 100; tries += 1) {
        if ((await nginxState()) === 'activating') return
        await sleep(100)
      }
      throw new Error('nginx was never started')
    }

    it('one Ctrl-C: what has begun is finished, what has not is not begun', async () => {
      await slowDown()
      const running = project.start('up', '--lab', '--yes')
      await untilStarting()
      const { code, stdout, stderr } = await running.kill('SIGINT')
      expect(code, stdout + stderr).toBe(1)
      expect(stderr).toContain('Stopping after the steps that have begun')
      expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain('not begun: balancer: lb-1')
      expect(await nginxState()).toBe('active')
      expect(await on('lb-1', 'tail -1 /etc/haproxy/haproxy.cfg')).toBe('# by hand')
      await expectConvergence()
    })

    it('the connection is cut: the script there finishes by itself, and the command says so', async () => {
      await slowDown()
      const running = project.start('up', '--lab', '--yes')
      await untilStarting()
      await on('web-1', cutOthers)
      const { code, stdout, stderr } = await running.ended
      expect(code, stdout + stderr).toBe(1)
      expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain('The connection to web-1 broke')
      await expectConvergence()
      const audit = (await on('web-1', 'tail -1 /var/log/trimaran/audit.jsonl')) || '{}'
      expect(JSON.parse(audit)).toMatchObject({ command: 'up', ok: true })
    })
  })
})

/** Ends every SSH session of the server but the one that asks for it. */
const cutOthers = `
  own=" "; pid=$$
  while [ "$pid" -gt 1 ]; do own="$own$pid "; pid=$(ps -o ppid= -p "$pid" | tr -d ' '); done
  for pid in $(pgrep -f '^sshd-session'); do case $own in *" $pid "*) ;; *) kill -9 "$pid" ;; esac; done`
