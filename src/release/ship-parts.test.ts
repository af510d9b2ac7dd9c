import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Archive } from '../engine/gather-payloads.ts'
import { sendPayloads } from '../engine/send-payloads.ts'
import type { ServerChange } from '../plan/plan.ts'
import { defineStandsFirm } from '../resources/firm-ground.ts'
import type { Tree } from '../resources/resource.ts'
import { treeKind } from '../resources/tree.ts'
import type { Server } from '../stack/stack.ts'
import type { Connection } from '../transport/transport.ts'
import { describeArchive } from './archive-contents.ts'
import { secondsOf } from './name-release.ts'
import { packRelease } from './pack-release.ts'
import { shell } from './testing/git-repository.ts'

const odd = String.raw`mkdir -p lib/deep empty public
  for name in -rf '*' $'line\nend' $'caf\351' "$(printf %0255d 0)"; do echo x >"./$name"; done
  echo 1 >server.js; echo same >lib/deep/same.js; chmod 755 lib/deep/same.js; ln -s ../server.js lib/link; echo css >public/a.css
  ln -s "x//$(printf %064d 0)" like-a-hash
  for n in $(seq 200); do echo $n >lib/$n.js; done`

const [first, second, third] = ['20261122-120000', '20261123-120000', '20261124-120000'] as const

/** A server that is a folder of this computer, and the releases of an app. */
function imagineServer() {
  const top = mkdtempSync(join(homedir(), '.trimaran-parts-'))
  onTestFinished(() => rmSync(top, { recursive: true }))
  const source = join(top, 'source')
  mkdirSync(source)
  shell(source, odd)
  const local = (text: string): string =>
    text.replaceAll('/var/lib/trimaran', join(top, 'state')).replaceAll('/srv/', `${top}/srv/`)
  const run = (script: string): string =>
    execFileSync('bash', ['-c', local(script)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const sent: number[] = []
  const notes: string[] = []
  const connection: Connection = {
    run: (script) => Promise.resolve({ code: 0, stdout: run(script), stderr: '' }),
    upload: (from, to) => {
      mkdirSync(dirname(local(to)), { recursive: true })
      copyFileSync(from, local(to))
      if (!to.endsWith('.list.gz')) sent.push(statSync(from).size)
      return Promise.resolve()
    },
    feed: () => Promise.reject(new Error('not here')),
    follow: () => Promise.reject(new Error('not here')),
    another: () => Promise.reject(new Error('not here')),
    close: () => Promise.resolve(),
  }
  const treeOf = (release: string, tier: 'app' | 'web'): Tree => ({
    kind: 'tree',
    path: `/srv/${tier}/releases/${release}`,
    payload: `${tier === 'app' ? 'release' : 'static'}:${release}`,
    owner: 'root',
  })
  const factsOf = (tree: Tree) => treeKind.read(run(treeKind.ask([tree]).text).replaceAll(`${top}/srv/`, '/srv/'))

  /** Ships what the source is now, as a release of this name. */
  const ship = async (release: string, tier: 'app' | 'web' = 'app'): Promise<Archive> => {
    const archives = await packRelease({
      name: release,
      tree: source,
      hasApp: true,
      root: 'public',
      into: join(top, 'here'),
    })
    const archive = await describeArchive(archives[tier === 'app' ? 'app' : 'static']!, secondsOf(release))
    const tree = treeOf(release, tier)
    const steps = treeKind.close([tree], factsOf(tree), { triggers: [] })
    const change = {
      server: { name: 'app-1' } as Server,
      changes: [{ component: 'app', steps }],
    } as unknown as ServerChange
    await sendPayloads(change, connection, {
      archives: new Map([[tree.payload, archive]]),
      emit: (event) => event.type === 'note' && notes.push(event.text),
    })
    await archive.contents?.forget()
    for (const { apply } of steps) run(`set -e\n${defineStandsFirm.text}\n${apply.text}`)
    expect(factsOf(tree).get(tree.path)).toEqual({ is: 'whole' })
    return archive
  }
  const placed = (release: string, tier = 'app'): string => join(top, 'srv', tier, 'releases', release)
  return { top, source, run, sent, notes, ship, placed }
}

/** Names, contents, modes, owners and times of all that is in a tree, but for the times of folders that no archive holds. */
const content = (folder: string): string =>
  shell(
    folder,
    String.raw`find . ! -type d -printf '%p %y %m %U:%G %s %T@ %l\0'; find . -type d -printf '%p %m\0' | sort -z; find . -type f -print0 | sort -z | xargs -0 sha256sum -z`,
  )

describe.skipIf(process.getuid?.() !== 0)('a release for a server that has another one', () => {
  it('is sent as far as it differs, and is the same as if all of it had been sent', async () => {
    const { source, sent, notes, ship, placed } = imagineServer()
    await ship(first)
    shell(
      source,
      String.raw`echo 2 >server.js; rm lib/7.js; echo new >lib/new.js; mv lib/8.js lib/eight.js; mkdir lib/9.js.d; chmod 755 lib/10.js; echo other >$'caf\351'`,
    )
    await ship(second)
    expect(notes).toEqual([
      `sending release ${first} to app-1`,
      `sending release ${second} to app-1: 5 files, it has the rest from ${first}`,
    ])
    expect(sent[1]).toBeLessThan(sent[0]! / 2)
    const whole = imagineServer()
    shell(whole.source, `rm -r ./* ; cp -a ${source}/. .`)
    await whole.ship(second)
    expect(content(placed(second))).toBe(content(whole.placed(second)))
    expect(statSync(join(placed(second), 'lib/1.js')).mtimeMs).toBe(secondsOf(second) * 1000)
  })

  it('is sent without a file where nothing changed, and in any direction', async () => {
    const { notes, ship, placed, top } = imagineServer()
    await ship(first)
    await ship(second)
    await ship(third)
    rmSync(placed(second), { recursive: true })
    await ship(second)
    expect(notes.slice(1)).toEqual([
      expect.stringContaining('no file, it has the rest from'),
      expect.stringContaining('no file, it has the rest from'),
      expect.stringContaining('no file, it has the rest from'),
    ])
    expect(readdirSync(join(top, 'here', second)).toSorted()).toEqual([
      'app.tar.gz',
      'app.tar.gz.counts.json',
      'app.tar.gz.list.gz',
      'digests.json',
      'static.tar.gz',
    ])
  })

  it('takes nothing from a tree that was changed by hand', async () => {
    const { notes, ship, placed } = imagineServer()
    await ship(first)
    appendFileSync(join(placed(first), 'lib/1.js'), '// evil')
    await ship(second)
    expect(notes[1]).toBe(`sending release ${second} to app-1`)
  })

  it('is put right in the same way where it was changed itself', async () => {
    const { source, notes, ship, placed } = imagineServer()
    await ship(first)
    shell(source, 'echo 2 >server.js')
    await ship(second)
    appendFileSync(join(placed(second), 'lib/1.js'), '// evil')
    const before = content(placed(first))
    await ship(second)
    expect(notes.at(-1)).toContain(`1 file, it has the rest from ${first}`)
    expect(content(placed(first))).toBe(before)
  })

  it('works for files of web servers, whose archive has no folders', async () => {
    const { source, notes, ship, placed } = imagineServer()
    await ship(first, 'web')
    writeFileSync(join(source, 'public/b.css'), 'css')
    await ship(second, 'web')
    expect(notes[1]).toBe(`sending static ${second} to app-1: 1 file, it has the rest from ${first}`)
    expect(readdirSync(placed(second, 'web'))).toEqual(['a.css', 'b.css'])
  })
})
