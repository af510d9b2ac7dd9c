import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBench, type ProgramBench } from '../testing/program-bench.ts'

/** The programs themselves; etcd, its client and the other members are stubs. */
let bench: ProgramBench

const settings = (name: string, more: string): void => writeFileSync(bench.at(name), more)

beforeEach(() => {
  bench = createBench()
  settings('etcdctl.sh', '')
  settings(
    'settings',
    `ETCD_NAME=db-1\nETCD_DATA_DIR=${bench.at('data')}\nETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380\n`,
  )
  settings('list', 'TRIMARAN_ETCD_MEMBERS="db-1=10.0.0.1 db-2=10.0.0.2 db-3=10.0.0.3"\n')
  bench.place(import.meta.url, 'etcd-members.sh', {
    ETCDCTL: bench.at('etcdctl.sh'),
    CLIENT_PORT: 2379,
    PEER_PORT: 2380,
    PEER_AUTHORITY: 'ca',
    PEER_CERTIFICATE: 'crt',
    PEER_KEY: 'key',
  })
  // Nobody waits in a test, but the one that is looped in has to end.
  bench.record('sleep', '/bin/sleep 0.01')
  // It keeps the place of a member until it is killed.
  bench.record('python3', 'exec /bin/sleep 5')
  bench.record('systemctl')
  bench.record('etcd', 'echo "etcd $ETCD_INITIAL_CLUSTER_STATE $ETCD_INITIAL_CLUSTER"')
})
afterEach(() => bench.remove())

const row = (number: number, isLearner = false): string =>
  `id${number}, started, db-${number}, https://10.0.0.${number}:2380, https://10.0.0.${number}:2379, ${isLearner}`

/** What other members say, in Bash: whether they are one, by address; and what they answer as a majority. */
function others(isMember: string, answer: string): void {
  bench.record('curl', `case $* in *10.0.0.1*) exit 7 ;; ${isMember} esac`)
  bench.record('etcdctl', `case $* in ${answer} *) echo "Error: nobody" >&2; exit 1 ;; esac`)
}
const members = `*10.0.0.*) echo '[]' ;;`
const list = (...rows: readonly string[]): string =>
  `*"member list") printf '%s\\n' ${rows.map((one) => `'${one}'`).join(' ')} ;;`

describe('start-etcd', () => {
  const start = (bootstrap = 'db-1', withoutData = '') => {
    bench.place(import.meta.url, 'start-etcd', {
      MEMBERS: bench.at('etcd-members.sh'),
      ETCD: bench.at('etcd'),
      NO_MEMBER_YET: 'no-etcd-member-yet',
    })
    return bench.run('start-etcd', [], {
      ETCD_NAME: 'db-1',
      ETCD_DATA_DIR: bench.at('data'),
      ETCD_INITIAL_ADVERTISE_PEER_URLS: 'https://10.0.0.1:2380',
      TRIMARAN_ETCD_MEMBERS: 'db-1=10.0.0.1 db-2=10.0.0.2 db-3=10.0.0.3',
      TRIMARAN_BOOTSTRAP_MEMBER: bootstrap,
      TRIMARAN_WITHOUT_DATA: withoutData,
    })
  }
  const data = (): void => void mkdirSync(bench.at('data/member'), { recursive: true })

  it('simply starts with data, also while the others are away', async () => {
    data()
    others('*) exit 7 ;;', '')
    expect((await start()).said).toBe('etcd  \n')
    expect(existsSync(bench.at('data/member'))).toBe(true)
  })

  it('bootstraps where every other server says that there is none yet, and says so itself meanwhile', async () => {
    // Slow enough for what is said meanwhile to have begun.
    others("*) /bin/sleep 0.5; echo 'no etcd member yet' ;;", '')
    const { said, called } = await start()
    expect(said).toContain('db-1 bootstraps etcd for this stack\netcd new db-1=https://10.0.0.1:2380\n')
    expect(called).toContain('python3 -Es no-etcd-member-yet 10.0.0.1 2380 crt key ca')
  })

  it.each([
    ['a server is unreachable', "*10.0.0.2*) echo 'no etcd member yet' ;; *) exit 7 ;;", 'db-1'],
    ['it is not its turn', "*) echo 'no etcd member yet' ;;", 'db-2'],
  ])('does not bootstrap where %s: it waits until others are there, and joins', async (_when, before, bootstrap) => {
    const met = bench.at('met')
    others(
      `*10.0.0.*) if [ "$(wc -c <${met})" -gt 12 ]; then echo '[]'; else printf . >>${met}; case $* in ${before} esac; fi ;;`,
      `${list(row(2), row(3))} *"member add"*) echo 'ETCD_INITIAL_CLUSTER="db-1=x,db-2=y"' ;;`,
    )
    writeFileSync(met, '')
    const { said, called } = await start(bootstrap)
    expect(said).not.toContain('bootstraps')
    expect(said).toContain('etcd existing db-1=x,db-2=y\n')
    expect(called.find((one) => one.includes('member add'))).toContain(
      'db-1 --peer-urls=https://10.0.0.1:2380 --learner',
    )
  })

  it('does not wait for a server without data of its own', async () => {
    others("*10.0.0.2*) echo 'no etcd member yet' ;; *) exit 7 ;;", '')
    expect((await start('db-1', 'db-3')).said).toContain('bootstraps etcd')
  })

  it('gives up its old membership where it lost its data', async () => {
    others(
      members,
      `${list(row(1), row(2), row(3))} *"member remove id1") ;; *"member add"*) echo 'ETCD_INITIAL_CLUSTER="all"' ;;`,
    )
    const { said } = await start()
    expect(said).toContain(
      'lost its data: its old membership is removed\ndb-1 joins the other members\netcd existing all\n',
    )
  })

  it('joins as a new one where the others removed it', async () => {
    data()
    others(members, `${list(row(2), row(3))} *"member add"*) echo 'ETCD_INITIAL_CLUSTER="all"' ;;`)
    expect((await start()).said).toContain('the other members removed this one')
    expect(existsSync(bench.at('data/member'))).toBe(false)
  })

  it('becomes a voting member once the others let it', async () => {
    data()
    bench.record(
      'etcd',
      `for i in $(seq 300); do /bin/sleep 0.02; grep -q promote ${bench.at('called')} && exec /bin/sleep 0.2; done`,
    )
    others(members, `${list(row(1, true), row(2))} *"member promote id1") ;;`)
    expect((await start()).said).toContain('db-1 is a voting member\n')
  })
})

describe('the pre-remove program of etcd', () => {
  const leave = () => {
    mkdirSync(bench.at('data'), { recursive: true })
    bench.place(import.meta.url, 'pre-remove', {
      MEMBER_SETTINGS: bench.at('settings'),
      MEMBER_LIST: bench.at('list'),
      MEMBERS: bench.at('etcd-members.sh'),
      ATTEMPTS: 2,
    })
    return bench.run('pre-remove', [])
  }

  it('hands over to a voting member, is removed, and only then stops', async () => {
    others(members, `${list(row(1), row(2, true), row(3))} *move-leader*) ;; *"member remove id1") ;;`)
    const { code, called } = await leave()
    expect(code).toBe(0)
    const told = called.filter((one) => /move-leader|remove|systemctl/.test(one))
    expect(told.map((one) => one.replace(/--\S+ /g, ''))).toEqual([
      'etcdctl move-leader id3',
      'etcdctl member remove id1',
      'systemctl stop etcd.service',
    ])
    expect(existsSync(bench.at('data'))).toBe(false)
  })

  it('stops where it was removed before', async () => {
    others(members, list(row(2), row(3)))
    expect(await leave()).toMatchObject({ code: 0, said: '' })
    expect(existsSync(bench.at('data'))).toBe(false)
  })

  it('goes on where the others do not let it go, and says why', async () => {
    others(members, `${list(row(1), row(2))} *"member remove"*) echo 'Error: unhealthy cluster' >&2; exit 1 ;;`)
    const { code, said, called } = await leave()
    expect({ code, said }).toEqual({ code: 1, said: 'the other members do not remove db-1: unhealthy cluster\n' })
    expect(called).not.toContain('systemctl stop etcd.service')
    expect(existsSync(bench.at('data'))).toBe(true)
  })
})
