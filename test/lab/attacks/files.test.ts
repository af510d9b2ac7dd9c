import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shellCommand } from '../../../src/lab/index.ts'
import { labPossible, whySkipped } from '../lab-possible.ts'
import { makeProject, type Project } from '../support/project.ts'
import { runProgram } from '../support/run-program.ts'

describe.skipIf(!labPossible)(`what users of services do to root's files, locks and logs${whySkipped}`, () => {
  let project: Project

  beforeAll(async () => {
    project = await makeProject('tfiles')
    await project.edit('balancer: { servers: 2 }', 'balancer: { servers: 1 }')
    await up()
  }, 600_000)
  afterAll(async () => {
    await project?.remove()
  })

  /** Past Trimaran, as root, over a connection of its own. */
  const on = async (server: string, line: string): Promise<string> => {
    const [program = '', ...words] = shellCommand(project.name, server)
    return (await runProgram(program, [...words, line]).ended).stdout.trim()
  }
  const said = async (...words: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await project.trimaran(...words)
    return stdout + stderr
  }
  const up = async (): Promise<string> => {
    const { code, stdout, stderr } = await project.trimaran('up', '--lab', '--yes')
    expect(code, stdout + stderr).toBe(0)
    return stdout + stderr
  }
  const expectUp = async (): Promise<void> => {
    await up()
    expect(await said('plan', '--lab')).toContain('nothing to do')
  }

  it('postgres puts links in its own folder: nothing of root’s is given away', async () => {
    const before = await on('db-1', 'stat -c "%U %a" /etc /etc/patroni')
    const swap = 'cd /var/lib/postgresql && mv 17 17.moved && ln -s /etc 17'
    await on('db-1', `runuser -u postgres -- sh -c '${swap}'`)
    await project.trimaran('up', '--lab', '--yes')
    expect(await on('db-1', 'stat -c "%U %a" /etc /etc/patroni')).toBe(before)
    await on('db-1', `runuser -u postgres -- sh -c 'cd /var/lib/postgresql && rm 17 && mv 17.moved 17'`)
    await expectUp()
  })

  it('a link to a secret stands where a file is wanted: the plan does not show it, and it is replaced', async () => {
    await on(
      'db-1',
      'echo the-secret-of-root >/root/secret; chmod 600 /root/secret; ln -sf /root/secret /etc/default/etcd-members',
    )
    const plan = await said('plan', '--lab')
    expect(plan).toContain('is a link')
    expect(plan).not.toContain('the-secret-of-root')
    await expectUp()
    expect(await on('db-1', 'cat /root/secret; stat -c "%U %a %F" /root/secret /etc/default/etcd-members')).toBe(
      'the-secret-of-root\nroot 600 regular file\nroot 644 regular file',
    )
  })

  it('a folder above becomes the app’s: nothing is placed there, and why is said', async () => {
    await on('app-1', 'chown app /srv/app; rm /srv/app/current')
    await up()
    await on('app-1', 'chown app /srv; rm /srv/app/current')
    expect(await said('up', '--lab', '--yes')).toContain('/srv belongs to app')
    await on('app-1', 'chown root /srv')
    await expectUp()
  })

  it('the app’s user cannot hold a lock', async () => {
    const locks = 'find /run /var/lock/ -name "*.lock" -path "*trimaran*" -o -path /run/trimaran -type d'
    const holds = await on(
      'app-1',
      `for lock in $(${locks}); do runuser -u app -- flock --nonblock "$lock" echo "holds $lock"; done`,
    )
    expect(holds).toBe('')
  })

  it('the app fills its own store of the journal, and no other', async () => {
    await on('app-1', 'logger -t marker of-the-system; systemd-cat --namespace=traffic -t marker echo of-the-traffic')
    const flood = [
      'head -c 40000000 /dev/zero | tr "\\0" "\\n" | sed "s/^/flood/" | head -n 200000',
      'yes flood | head -n 100000 | logger -t haproxy --id=1',
      'perl -MSocket -e "socket(my \\$s, AF_UNIX, SOCK_DGRAM, 0); connect(\\$s, pack_sockaddr_un(q(/run/systemd/journal/socket))) or die; syswrite \\$s, qq(MESSAGE=flood\\nSYSLOG_IDENTIFIER=nginx\\n) for 1..100000"',
    ]
    for (const way of flood)
      await on('app-1', `timeout 60 /usr/local/lib/trimaran/run-in-release current '${way} | cat'`)
    expect(
      await on('app-1', 'journalctl -q -o cat -t marker; journalctl -q --namespace=traffic -o cat -t marker'),
    ).toBe('of-the-system\nof-the-traffic')
    const strangers =
      'journalctl -q -o cat -n 100000 | grep -c "^flood"; journalctl -q --namespace=traffic -o cat -n 100000 | grep -c "^flood"'
    expect(await on('app-1', strangers)).toBe('0\n0')
    expect(
      Number(await on('app-1', 'journalctl -q --namespace=app -o cat -t haproxy -n 1000 | grep -c "^flood"')),
    ).toBeGreaterThan(0)
  })

  it('somebody’s drop-ins for our units are named by plan and check, and left alone', async () => {
    const path = '/etc/systemd/system/app-.service.d/x.conf'
    await on('app-1', `mkdir -p ${path.replace('/x.conf', '')}; printf '[Service]\\nNice=1\\n' >${path}`)
    expect(await said('plan', '--lab')).toContain(path)
    expect(await said('check', '--lab')).toContain(path)
    await expectUp()
    expect(await on('app-1', `ls ${path}; rm -r ${path.replace('/x.conf', '')}; systemctl daemon-reload`)).toBe(path)
  })

  it('a tree that was changed by hand is not started: Node and the current release are named at once, an older one before it is used', async () => {
    const older = await on('app-1', 'readlink -f /srv/app/current')
    const program = await on('app-1', 'find /opt/trimaran/node-24* -type f ! -name node | sort | head -n 1')
    await on('app-1', `echo by-hand >>${program}; echo '// by-hand' >>${older}/server.js`)
    const plan = await said('plan', '--lab')
    expect(plan).toContain(`was changed by hand: ${program.split('/').slice(4).join('/')}`)
    expect(plan).toContain('was changed by hand: server.js')
    await expectUp()
    expect((await project.trimaran('deploy', '--lab', '--yes')).code).toBe(0)
    await on('app-1', `echo '// by-hand' >>${older}/server.js`)
    expect(await said('plan', '--lab')).toContain('nothing to do')
    expect(await said('check', '--lab')).toContain(`${older} was changed by hand: server.js`)
    expect((await project.trimaran('rollback', '--lab', '--yes')).code).toBe(0)
    expect(await on('app-1', 'readlink -f /srv/app/current')).toBe(older)
    expect(await on('app-1', `grep -rl by-hand ${older} ${program}`)).toBe('')
    expect(await said('plan', '--lab')).toContain('nothing to do')
  })

  it('nothing that was secret stays on a server after down', async () => {
    const secretsOf = "grep -hoE '://app:[^@]+@' /etc/trimaran/app.env | cut -c8- | tr -d '@' | sort -u"
    const passwords = (await on('app-1', secretsOf)).split('\n')
    const ofDatabase = (
      await on('db-1', 'sed -nE \'s/^ *password: .?([^ ]*[^ "])"?$/\\1/p\' /etc/patroni/config.yml | sort -u')
    ).split('\n')
    const secrets = [...passwords, ...ofDatabase].filter((one) => one.length >= 8)
    expect(secrets.length).toBeGreaterThan(3)
    expect((await project.trimaran('down', '--lab', '--yes')).code).toBe(0)
    const where =
      '/etc /root /run /srv /opt /tmp /home /usr/local /var/lib/trimaran /var/lib/postgresql /var/lib/systemd /var/tmp /var/cache'
    for (const server of ['lb-1', 'web-1', 'app-1', 'db-1']) {
      const patterns = secrets.map((one) => `-e '${one}'`).join(' ')
      expect(await on(server, `timeout 60 grep -rlsF -D skip ${patterns} ${where}`), server).toBe('')
    }
  })
})
