import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nineServers, serverNamed } from '../components/testing/stacks.ts'
import type { ServerChange } from '../plan/plan.ts'
import { fileKind } from '../resources/file.ts'
import type { Manifest } from '../resources/manifest.ts'
import type { File, Step } from '../resources/resource.ts'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { belowRoot } from '../transport/testing/bash-transport.ts'
import { applyScript, auditEntry, rollBackScript, signal } from './apply-script.ts'

const server = serverNamed(nineServers([]), 'web-1')
const listing = (name: string): Manifest => [{ component: 'nginx', kind: 'file', name }]
const audit = auditEntry({ operator: 'ana@laptop', command: 'up', stack: 'shop' })

/** In a real bash, as root: what a file belongs to, and whose its folders are, is part of what is tested. */
describe.skipIf(process.getuid?.() !== 0)('the apply script', () => {
  let root: string
  // Not in the temporary folder: nothing stands firm below what everybody may write to.
  beforeEach(() => {
    root = mkdtempSync(join(homedir(), '.trimaran-apply-'))
    chmodSync(root, 0o755)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const at = (path: string): string => join(root, path)
  const read = (path: string): string => readFileSync(at(path), 'utf8')
  const place = (path: string, content: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), content)
  }

  /** The steps that bring a file below the root from what it is to what it should be. */
  function steps(path: string, content: string, check?: Shell): readonly Step[] {
    const file: File = {
      kind: 'file',
      path: at(path),
      content,
      owner: 'root',
      group: 'root',
      mode: '0644',
      ...(check !== undefined && { check }),
    }
    const present = existsSync(file.path)
      ? [[file.path, { mode: '0644', owner: 'root', group: 'root', content: read(path) }] as const]
      : []
    return fileKind.close([file], new Map(present), { triggers: [] })
  }
  /** A step that says in `/journal` what was done of it; `make` is what it does beside that. */
  const noted = (name: string, make: Shell = sh``): Step => ({
    kind: 'condition',
    name,
    action: 'change',
    reason: 'of the test',
    disturbs: 'nothing',
    prepare: sh`echo prepare ${name} >>${at('/journal')}`,
    apply: lines([sh`echo apply ${name} >>${at('/journal')}`, make]),
    rollBack: sh`echo roll back ${name} >>${at('/journal')}`,
    settle: sh`echo settle ${name} >>${at('/journal')}`,
  })
  const journal = (): readonly string[] => (existsSync(at('/journal')) ? read('/journal').trim().split('\n') : [])

  const changeOf = (
    components: Readonly<Record<string, readonly Step[]>>,
    more: Partial<ServerChange> = {},
  ): ServerChange => ({
    server,
    changes: Object.entries(components).map(([component, list]) => ({ component, steps: list })),
    isNew: false,
    disturbs: 'nothing',
    manifest: listing('/etc/nginx.conf'),
    adopts: [],
    ...more,
  })

  /** What the script told the engine, without what it said of a failure, and how it ended. */
  function run({ text }: Shell) {
    const { status, stdout, stderr } = spawnSync('bash', ['-s'], { input: belowRoot(text, root), encoding: 'utf8' })
    const told = stdout.split('\n').filter((line) => line.startsWith(signal))
    return {
      status,
      stderr,
      told: told.map((line) => line.slice(signal.length).split(' ').slice(0, 3).join(' ').trim()),
      failures: told
        .filter((line) => line.startsWith(`${signal}failed`))
        .map((line) => Buffer.from(line.split(' ')[2]!, 'base64').toString()),
    }
  }
  const trail = () =>
    read('/var/log/trimaran/audit.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  it('walks the components in order, checks each before its first change, and leaves manifest and trail', () => {
    place('/var/lib/trimaran/manifest', 'haproxy file /etc/gone\n')
    const change = changeOf({ nginx: [noted('a'), noted('b')], app: [noted('c')] })
    const { status, told } = run(applyScript(change, audit))
    expect(status).toBe(0)
    expect(told).toEqual(['start 0', 'done 0', 'start 1', 'done 1', 'start 2', 'done 2', 'end 0'])
    expect(journal()).toEqual(['prepare a', 'prepare b', 'apply a', 'apply b', 'prepare c', 'apply c'])
    expect(read('/var/lib/trimaran/manifest')).toBe('nginx file /etc/nginx.conf\n')
    expect(trail()).toMatchObject([{ operator: 'ana@laptop', command: 'up', stack: 'shop', steps: 3, ok: true }])
  })

  it('tells at once what a step waits for, and fails with it where that takes too long', () => {
    const waiting = sh`echo 'waiting for apt: held by apt-get (pid 7)'`
    const done = run(applyScript(changeOf({ system: [{ ...noted('a'), await: waiting }] }), audit))
    const words = Buffer.from('waiting for apt: held by apt-get (pid 7)\n').toString('base64')
    expect(done.told).toEqual(['start 0', `waits ${words}`, 'done 0', 'end 0'])
    expect(journal()).toEqual(['prepare a', 'apply a'])
    const tooLong = lines([waiting, sh`false`, sh`echo 'never said'`])
    const failed = run(applyScript(changeOf({ system: [{ ...noted('b'), await: tooLong }] }), audit))
    expect([failed.status, failed.failures]).toEqual([1, ['waiting for apt: held by apt-get (pid 7)\n']])
    expect(journal().slice(2)).toEqual(['prepare b', 'roll back b', 'settle b'])
  })

  it('places a file whole, and keeps the version before it', () => {
    place('/etc/nginx.conf', 'old')
    expect(run(applyScript(changeOf({ nginx: steps('/etc/nginx.conf', 'new\n') }), audit)).status).toBe(0)
    expect(read('/etc/nginx.conf')).toBe('new\n')
    expect(read(`/var/lib/trimaran/previous${at('/etc/nginx.conf')}`)).toBe('old')
    expect(existsSync(at('/run/trimaran/staged'))).toBe(false)
  })

  it('changes nothing when a checker refuses a file: not even what stands before it in the component', () => {
    place('/etc/a.conf', 'old a')
    place('/etc/b.conf', 'old b')
    const refuses = sh`grep -q well "$file" || { echo 'b.conf: line 1: unexpected }'; false; }`
    const nginx = [...steps('/etc/a.conf', 'new a'), ...steps('/etc/b.conf', 'broken', refuses)]
    const { status, told, failures } = run(applyScript(changeOf({ nginx, app: [noted('c')] }), audit))
    expect(status).toBe(1)
    expect(failures).toEqual(['b.conf: line 1: unexpected }\n'])
    expect([read('/etc/a.conf'), read('/etc/b.conf')]).toEqual(['old a', 'old b'])
    expect(told).toContain('rolled-back nginx yes')
    expect(journal()).toEqual([])
    expect(trail()).toMatchObject([{ steps: 0, ok: false }])
  })

  it('rolls back the component whose step fails, the last step first, settles it, and goes no further', () => {
    place('/etc/a.conf', 'old')
    const nginx = [
      ...steps('/etc/a.conf', 'new'),
      ...steps('/etc/made.conf', 'made'),
      noted('reload', sh`echo nginx said no; false`),
    ]
    const { status, told, failures } = run(
      applyScript(changeOf({ before: [noted('z')], nginx, after: [noted('y')] }), audit),
    )
    expect(status).toBe(1)
    expect(told.map((line) => line.replace(/^(failed \d+).*/, '$1')).join(', ')).toBe(
      'start 0, done 0, start 1, done 1, start 2, done 2, start 3, failed 3, rolled-back nginx yes, end 1',
    )
    expect(failures).toEqual(['nginx said no\n'])
    expect(read('/etc/a.conf')).toBe('old')
    expect(existsSync(at('/etc/made.conf'))).toBe(false)
    // What another component did before stays; the one after was never begun.
    expect(journal()).toEqual([
      'prepare z',
      'apply z',
      'prepare reload',
      'apply reload',
      'roll back reload',
      'settle reload',
    ])
    // The manifest names both, what was placed and what was to be: an interrupted change forgets nothing.
    expect(read('/var/lib/trimaran/manifest')).toContain('/etc/nginx.conf')
  })

  it('says so when rolling back fails, too', () => {
    const stubborn: Step = { ...noted('a', sh`false`), rollBack: sh`echo cannot; false` }
    const { told, stderr } = run(applyScript(changeOf({ nginx: [stubborn] }), audit))
    expect(told).toContain('rolled-back nginx no')
    expect(stderr).toContain('cannot')
  })

  it('stops a step at its first mistake, also within a function of its own', () => {
    const { status } = run(
      applyScript(changeOf({ nginx: [noted('a', sh`f() { false; echo went on >>${at('/journal')}; }; f`)] }), audit),
    )
    expect(status).toBe(1)
    expect(journal()).not.toContain('went on')
  })

  it('keeps aside what stood there before Trimaran, once, and gives it back when it is removed', () => {
    place('/etc/nginx.conf', 'of Debian')
    const path = at('/etc/nginx.conf')
    const first = changeOf({ nginx: steps('/etc/nginx.conf', 'ours') }, { adopts: [path] })
    expect(run(applyScript(first, audit)).status).toBe(0)
    const second = changeOf({ nginx: steps('/etc/nginx.conf', 'ours, changed') }, { adopts: [path] })
    expect(run(applyScript(second, audit)).status).toBe(0)
    expect(read(`/var/lib/trimaran/original${path}`)).toBe('of Debian')
    const gone = changeOf({ nginx: [fileKind.remove!(path, {})] }, { manifest: [] })
    expect(run(applyScript(gone, audit)).status).toBe(0)
    expect(read('/etc/nginx.conf')).toBe('of Debian')
    expect(read('/var/lib/trimaran/manifest')).toBe('')
    expect(existsSync(at('/var/lib/trimaran/previous'))).toBe(false)
  })

  it('does not begin below a folder that somebody else may write to', () => {
    mkdirSync(at('/var/lib/trimaran'), { recursive: true })
    chmodSync(at('/var/lib'), 0o777)
    const { status, stderr } = run(applyScript(changeOf({ nginx: [noted('a')] }), audit))
    expect(status).toBe(1)
    expect(stderr).toContain('others than root may write to')
    expect(journal()).toEqual([])
  })

  it('clears what a killed script had staged and what was sent', () => {
    place('/run/trimaran/staged/etc/secret', 'secret')
    place('/var/lib/trimaran/inbox/app.tar.gz', 'archive')
    run(applyScript(changeOf({ nginx: [noted('a')] }), audit))
    expect(existsSync(at('/run/trimaran/staged'))).toBe(false)
    expect(readdirSync(at('/var/lib/trimaran/inbox'))).toEqual([])
  })

  describe('that rolls back what such scripts have done', () => {
    const after = (text: string): Shell => sh`echo ${text} >${at('/state.json')}`
    const back = (waves: readonly ServerChange[], then: Shell = after('before')) =>
      run(rollBackScript(waves, { audit, after: then, manifest: listing('/etc/before.conf') }))

    it('puts back all waves, the last component first, writes the state, and the manifest from before', () => {
      place('/etc/a.conf', 'old')
      const first = changeOf({ nginx: [...steps('/etc/a.conf', 'new'), noted('a')] })
      const second = changeOf({ app: [noted('b')] })
      for (const wave of [first, second]) expect(run(applyScript(wave, audit)).status).toBe(0)
      rmSync(at('/journal'))
      const { status, told } = back([first, second])
      expect(status).toBe(0)
      expect(told).toEqual(['rolled-back app yes', 'rolled-back nginx yes', 'end 0'])
      expect(journal()).toEqual(['roll back b', 'settle b', 'roll back a', 'settle a'])
      expect(read('/etc/a.conf')).toBe('old')
      expect(read('/state.json')).toBe('before\n')
      expect(read('/var/lib/trimaran/manifest')).toBe('nginx file /etc/before.conf\n')
    })

    it('goes on with the other components where one fails, and ends with 1', () => {
      const stubborn: Step = { ...noted('b'), rollBack: sh`false` }
      const { status, told } = back([changeOf({ nginx: [noted('a')], app: [stubborn] })])
      expect(status).toBe(1)
      expect(told).toEqual(['rolled-back app no', 'rolled-back nginx yes', 'end 1'])
    })

    it('says so where the stack state cannot be written', () => {
      const { status, stderr } = back([changeOf({ nginx: [noted('a')] })], sh`false`)
      expect(status).toBe(1)
      expect(stderr).toContain('the stack state could not be written')
    })
  })
})
