import { describe, expect, it } from 'vitest'
import type { IsolationReport } from '../../../src/status/isolation/isolation.ts'
import type { LabStack } from '../support/lab-stack.ts'

const database = 'database: { servers: 1 },'

/** What `verify isolation` says of servers as they are, and of holes that were made by hand. */
export function describeIsolation(stack: LabStack): void {
  describe('nothing gets in or out but what a link names', () => {
    const verify = async (): Promise<IsolationReport & { readonly code: number }> => {
      const { code, stdout } = await stack.project.trimaran('verify', 'isolation', '--lab', '--json')
      return { code, ...(JSON.parse(stdout) as IsolationReport) }
    }
    const listen = (port: number): string =>
      `systemd-run -q --unit hole-${port} perl -MSocket -e 'socket S, AF_INET, SOCK_STREAM, 0; bind S, sockaddr_in(${port}, INADDR_ANY) and listen S, 9; sleep 120'`

    it('finds every connection as the links say', async () => {
      const found = await verify()
      expect(found).toMatchObject({
        code: 0,
        isSound: true,
        wrong: [],
        changedRules: [],
        unasked: [],
        isOutsideSeen: true,
      })
      expect(found.tried).toBeGreaterThan(500)
      expect(found.allowed).toBeGreaterThan(20)
    })

    it('does not let in to what somebody else listens on', async () => {
      await stack.on('web-1', listen(9999))
      expect((await verify()).wrong).toEqual([])
    })

    it('finds a hole that somebody made, from each end that it opens to', async () => {
      // The program that would mend it at once is halted, too.
      await stack.on('web-1', 'systemctl kill -s STOP trimaran-firewall; nft insert rule inet trimaran incoming accept')
      const found = await verify()
      await stack.on('web-1', 'systemctl kill -s CONT trimaran-firewall; systemctl stop hole-9999')
      expect(found).toMatchObject({ code: 1, isSound: false, changedRules: ['web-1'] })
      const reached = (port: number) => found.wrong.filter((one) => one.to === 'web-1' && one.port === port)
      expect(reached(9999).map(({ from }) => from)).toContain(undefined)
      // Whose own rules refuse it does not get there all the same; root may call port 80 anywhere.
      expect(reached(9999).map(({ from }) => from)).not.toContain('app-1')
      expect(reached(80).map(({ from, user }) => `${from} ${user}`)).toEqual(
        expect.arrayContaining(['app-1 root', 'db-1 root', 'undefined undefined']),
      )
      await expect.poll(async () => (await verify()).isSound, { timeout: 20_000 }).toBe(true)
    })

    it('finds what is closed although a link allows it', async () => {
      await stack.on(
        'app-1',
        `nft add table ip closed; nft add chain ip closed output '{ type filter hook output priority -50; }'
         nft add rule ip closed output tcp dport 5432 ip daddr != 127.0.0.1 drop`,
      )
      const { wrong } = await verify()
      await stack.on('app-1', 'nft delete table ip closed')
      expect(new Set(wrong.map(({ from, to, port, is }) => `${from} ${to} ${port} ${is}`))).toEqual(
        new Set(['app-1 db-1 5432 closed']),
      )
    })

    it('goes back by itself from rules that refuse the operator', async () => {
      const { edit } = stack.project
      const away = `${database} ssh: { from: ['203.0.113.7'] },`
      await edit(database, away)
      const { code, stdout, stderr } = await stack.attempt('up')
      const said = `${stdout}${stderr}`
      expect(code, said).toBe(1)
      expect(said).toContain('this computer could open no other SSH connection')
      const from = /It connects from ([\d.]+)\./.exec(said)![1]!
      const here = `${database} ssh: { from: ['${from}'] },`
      await edit(away, here)
      await stack.run('up')
      const knock = '</dev/tcp/web-1/22 && echo open'.replace('web-1', await addressOf('web-1'))
      expect(await stack.on('app-1', `timeout 3 bash -c '${knock}' 2>&1 || true`)).toContain('refused')
      await edit(here, database)
      await stack.run('up')
      await stack.expectNothingToDo()
    })

    const addressOf = async (name: string): Promise<string> =>
      (await stack.status()).servers.find((one) => one.name === name)!.address
  })
}
