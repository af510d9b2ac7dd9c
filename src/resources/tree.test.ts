import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lines, type Shell, sh } from '../shell/sh.ts'
import { defineStandsFirm } from './firm-ground.ts'
import type { Step, Tree } from './resource.ts'
import { inboxPath } from './state-folder.ts'
import { askTrees, treeKind, type TreeFact } from './tree.ts'

/** Ownership can only be given by root. */
describe.skipIf(process.getuid?.() !== 0)('a tree on this computer', () => {
  let top: string
  let tree: Tree
  const path = (name: string): string => join(tree.path, name)
  beforeEach(() => {
    top = mkdtempSync(join(homedir(), '.trimaran-tree-'))
    tree = { kind: 'tree', path: join(top, 'releases/1'), payload: 'release:1', owner: 'root' }
    mkdirSync(join(top, 'source/lib'), { recursive: true })
    for (const name of ['server.js', 'lib/a b.js', 'lib/c.js']) writeFileSync(join(top, 'source', name), `// ${name}\n`)
    symlinkSync('server.js', join(top, 'source/main'))
    const odd = String.raw`for name in -rf $'line\nend' $'caf\351' '*' $'lib/\377' "$(printf %0255d 0)"; do echo x >"./$name"; done`
    execFileSync('bash', ['-euc', odd], { cwd: join(top, 'source') })
    run(...steps())
  })
  afterEach(() => rmSync(top, { recursive: true }))

  /** The server's state lies in the test's own folder. */
  const bash = (piece: Shell): string =>
    execFileSync('bash', ['-c', piece.text.replaceAll('/var/lib/trimaran', join(top, 'state'))], { encoding: 'utf8' })
  const facts = (more: Partial<Tree> = {}): ReadonlyMap<string, TreeFact> =>
    treeKind.read(bash(treeKind.ask([{ ...tree, ...more }])))
  const steps = (more: Partial<Tree> = {}): readonly Step[] =>
    treeKind.close([{ ...tree, ...more }], facts(more), { triggers: [] })
  const run = (...all: readonly Step[]): void => {
    const inbox = inboxPath(tree.payload)
    for (const { apply } of all)
      bash(
        lines([
          sh`mkdir -p ${inbox.slice(0, inbox.lastIndexOf('/'))}; tar -czf ${inbox} -C ${join(top, 'source')} .; set -e`,
          defineStandsFirm,
          apply,
        ]),
      )
  }
  const reasons = (): readonly string[] => steps().map(({ action, reason }) => `${action}: ${reason}`)

  it('is unpacked slowly where something serves already, and only there', () => {
    const isSlow = (known: ReadonlyMap<string, TreeFact>): boolean =>
      treeKind.close([tree], known, { triggers: [] })[0]!.apply.text.includes('nice -n 19')
    expect([isSlow(new Map()), isSlow(new Map([['/srv/app/releases/older', { is: 'whole' }]]))]).toEqual([false, true])
  })

  it('is whole once it is unpacked', () => {
    expect(reasons()).toEqual([])
    expect(readFileSync(path('server.js'), 'utf8')).toBe('// server.js\n')
  })

  const remembered = 'check: is whole again, which is noted once its programs have restarted'
  const changes: Readonly<Record<string, readonly [() => void, string]>> = {
    'names with a line’s end, and a link with a path in it': [
      () => {
        mkdirSync(path('x\n644\t..'))
        writeFileSync(path('x\n644\t../new.js'), '')
        symlinkSync('a\t../../outside', path('lib/link'))
      },
      'lib/link, 2 more',
    ],
    'a file with other content': [() => writeFileSync(path('server.js'), 'evil()'), 'server.js'],
    'other content of the same size and time': [
      () => {
        const { atime, mtime } = statSync(path('lib/c.js'))
        writeFileSync(path('lib/c.js'), '// lib/x.js\n')
        utimesSync(path('lib/c.js'), atime, mtime)
      },
      'lib/c.js',
    ],
    'a file more': [() => writeFileSync(path('lib/new.js'), ''), 'lib/new.js'],
    'a folder more': [() => mkdirSync(path('lib/more/deep'), { recursive: true }), 'lib/more, lib/more/deep'],
    'a file less': [() => rmSync(path('lib/a b.js')), 'lib/a b.js'],
    'a folder less': [() => rmSync(path('lib'), { recursive: true }), 'lib, lib/a b.js, lib/c.js, 1 more'],
    'names of every kind': [
      () => {
        const odd = String.raw`for name in -rf $'line\nend' $'caf\351' '*' "$(printf %0255d 0)"; do echo evil >"./$name"; done; rm $'lib/\377'`
        execFileSync('bash', ['-euc', odd], { cwd: tree.path })
      },
      `-rf, ${'0'.repeat(198)}, 4 more`,
    ],
    'another mode': [() => chmodSync(path('server.js'), 0o4755), 'server.js'],
    'another owner': [() => execFileSync('chown', ['nobody', path('server.js')]), 'server.js'],
    'a link that leads elsewhere': [() => execFileSync('ln', ['-sfn', '/etc/passwd', path('main')]), 'main'],
    'a link in the place of a folder': [
      () => {
        rmSync(path('lib'), { recursive: true })
        symlinkSync('/etc', path('lib'))
      },
      'lib, lib/a b.js, lib/c.js, 1 more',
    ],
    'a folder in the place of a file': [
      () => {
        rmSync(path('server.js'))
        mkdirSync(path('server.js/x'), { recursive: true })
      },
      'server.js, server.js/x',
    ],
  }
  it.each(Object.entries(changes))('tells of %s, and is put right', (_, [change, names]) => {
    change()
    expect(reasons()).toEqual([`change: was changed by hand: ${names}`, remembered])
    const before = statSync(tree.path).ino
    run(...steps())
    expect(reasons()).toEqual([])
    // What runs there keeps its folder.
    expect(statSync(tree.path).ino).toBe(before)
    expect(execFileSync('diff', ['-r', '--no-dereference', join(top, 'source'), tree.path], { encoding: 'utf8' })).toBe(
      '',
    )
    expect(statSync(path('server.js')).mode & 0o7777).toBe(0o644)
    expect(existsSync('/etc/passwd')).toBe(true)
  })

  it('does not count as whole before its programs have restarted', () => {
    writeFileSync(path('server.js'), 'evil()')
    const [repair, remember] = steps()
    run(repair!)
    expect(readFileSync(path('server.js'), 'utf8')).toBe('// server.js\n')
    expect(reasons()).toEqual([expect.stringContaining('nothing tells whether'), remembered])
    run(remember!)
    expect(reasons()).toEqual([])
  })

  it('is not remembered where it was changed again meanwhile', () => {
    writeFileSync(path('server.js'), 'evil()')
    const [repair, remember] = steps()
    run(repair!)
    writeFileSync(path('lib/c.js'), 'evil()')
    expect(() => run(remember!)).toThrow()
    expect(reasons()).toHaveLength(2)
  })

  it('is well where only times of files are others, as after a disk was restored', () => {
    execFileSync('cp', ['-a', tree.path, `${tree.path}.copy`])
    rmSync(tree.path, { recursive: true })
    execFileSync('mv', [`${tree.path}.copy`, tree.path])
    utimesSync(path('server.js'), 1, 1)
    expect(reasons()).toEqual([])
  })

  it('is compared where nothing was remembered of it', () => {
    rmSync(join(top, 'state/seals'), { recursive: true })
    writeFileSync(path('server.js'), 'evil()')
    expect(reasons()[0]).toContain('nothing tells whether')
    run(...steps())
    expect(reasons()).toEqual([])
    expect(readFileSync(path('server.js'), 'utf8')).toBe('// server.js\n')
  })

  describe('that something may use', () => {
    const link = (): string => join(top, 'current')
    const used = (): Partial<Tree> => ({
      uses: [{ link: link() }, { link: join(top, 'blue'), unit: 'no-such.target' }],
    })
    const lead = (name: string): void => symlinkSync('releases/1', join(top, name))

    it('is looked at while a link leads there', () => {
      lead('current')
      writeFileSync(path('server.js'), 'evil()')
      expect(facts(used()).get(tree.path)).toMatchObject({ is: 'changed', examples: ['./server.js'] })
    })

    it('is only listed while nothing uses it: no link, or one of a unit that is not active', () => {
      lead('blue')
      writeFileSync(path('server.js'), 'evil()')
      expect(facts(used()).get(tree.path)).toEqual({ is: 'idle' })
    })

    it('is looked at when it is about to be used, and when there is time', () => {
      writeFileSync(path('server.js'), 'evil()')
      const changed = { is: 'changed', count: 1, examples: ['./server.js'] }
      expect(treeKind.read(bash(askTrees([tree])))).toEqual(new Map([[tree.path, changed]]))
      expect(treeKind.read(bash(treeKind.ask([{ ...tree, ...used() }], true)))).toEqual(new Map([[tree.path, changed]]))
    })

    it('is compared with its archive where it is wanted and nobody looked; else it stays', () => {
      const idle = new Map([[tree.path, { is: 'idle' } as const]])
      writeFileSync(path('server.js'), 'evil()')
      const wanted = treeKind.close([tree], idle, { triggers: [] })
      expect(wanted[0]!.reason).toContain('nobody looked whether')
      run(...wanted)
      expect(readFileSync(path('server.js'), 'utf8')).toBe('// server.js\n')
      expect(reasons()).toEqual([])
      expect(treeKind.close([{ ...tree, optional: true }], idle, { triggers: [] })).toEqual([])
    })
  })

  it('goes where it is an older release that was changed', () => {
    writeFileSync(path('server.js'), 'evil()')
    expect(steps({ optional: true }).map(({ action }) => action)).toEqual(['remove'])
  })
})

it('counts what has a name that is made for an operator’s eyes, and does not show it', () => {
  const facts = treeKind.read('/srv/app/releases/1\tchanged\t2\t./a\u001b[2Jb\t./server.js\t\n')
  const tree: Tree = { kind: 'tree', path: '/srv/app/releases/1', payload: 'release:1', owner: 'root' }
  expect(treeKind.close([tree], facts, { triggers: [] })[0]!.reason).toBe('was changed by hand: server.js, 1 more')
})
