import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lines, sh, type Shell } from '../shell/sh.ts'
import { directoryKind } from './directory.ts'
import { fileKind } from './file.ts'
import { defineStandsFirm, standsFirm } from './firm-ground.ts'
import { kinds } from './kinds.ts'
import type { Directory, File, Step } from './resource.ts'
import { symlinkKind } from './symlink.ts'

/** Somebody who is not root. */
const nobody = 65534
const alone = { triggers: [] }
const owned = { owner: 'root', group: 'root' } as const
const victim = 'the content of /etc/shadow'

/** Ownership can only be given away by root, and the temporary folder is everybody's. */
describe.skipIf(process.getuid?.() !== 0)('on this computer', () => {
  let top: string
  let folder: string
  beforeEach(() => {
    top = mkdtempSync(join(homedir(), '.trimaran-firm-'))
    folder = join(top, 'a')
    mkdirSync(folder, { mode: 0o755 })
    mkdirSync(join(top, 'victim'), { mode: 0o700 })
    writeFileSync(join(top, 'victim/secret'), victim, { mode: 0o600 })
  })
  afterEach(() => rmSync(top, { recursive: true }))

  const run = (...pieces: readonly Shell[]) => {
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', lines([sh`set -e`, defineStandsFirm, ...pieces]).text],
      {
        encoding: 'utf8',
      },
    )
    return { status, said: stdout + stderr }
  }
  const check = (path: string) => run(standsFirm(path))
  const ask = (question: Shell): string => execFileSync('bash', ['-c', question.text], { encoding: 'utf8' })
  const file = (path: string): File => ({ kind: 'file', path, content: 'new\n', mode: '0644', ...owned })
  const directory = (path: string): Directory => ({
    kind: 'directory',
    path,
    mode: '0755',
    owner: 'nobody',
    group: 'nogroup',
  })
  const victimIsUntouched = (): void => {
    expect(readFileSync(join(top, 'victim/secret'), 'utf8')).toBe(victim)
    const stat = ask(sh`stat -c '%U %a' ${join(top, 'victim')} ${join(top, 'victim/secret')}`)
    expect(stat).toBe('root 700\nroot 600\n')
  }

  it('lets be what is root’s, and what is yet to be made', () => {
    expect(check(join(folder, 'x'))).toEqual({ status: 0, said: '' })
    expect(check(join(folder, 'not/there/yet'))).toEqual({ status: 0, said: '' })
  })

  it('refuses a folder of somebody else, wherever it stands above', () => {
    mkdirSync(join(folder, 'b/c'), { recursive: true })
    chownSync(join(folder, 'b'), nobody, nobody)
    for (const path of ['b/x', 'b/c/x', 'b/not/there'])
      expect(check(join(folder, path))).toMatchObject({
        status: 1,
        said: expect.stringContaining(`${folder}/b belongs to nobody`),
      })
  })

  it.each([0o775, 0o757, 0o1777])('refuses a folder to which others may write (%o)', (mode) => {
    chmodSync(folder, mode)
    expect(check(join(folder, 'x'))).toMatchObject({ status: 1, said: expect.stringContaining('others than root') })
  })

  it('refuses a link above, whoever made it, and a file', () => {
    symlinkSync(join(top, 'victim'), join(folder, 'link'))
    writeFileSync(join(folder, 'file'), '')
    expect(check(join(folder, 'link/x')).said).toContain('is a symbolic link')
    expect(check(join(folder, 'file/x')).said).toContain('is not a folder')
  })

  it('fixes a link where a folder is wanted, and leaves alone what it leads to', () => {
    const path = join(folder, 'data')
    symlinkSync(join(top, 'victim'), path)
    const [step] = directoryKind.close(
      [directory(path)],
      directoryKind.read(ask(directoryKind.ask([directory(path)]))),
      alone,
    )
    expect(step!.reason).toContain('is a link or a file, should be a folder')
    expect(run(step!.apply)).toEqual({ status: 0, said: '' })
    expect(
      directoryKind.close([directory(path)], directoryKind.read(ask(directoryKind.ask([directory(path)]))), alone),
    ).toEqual([])
    victimIsUntouched()
  })

  it('never reads through a link what a plan would show, and replaces the link', () => {
    const path = join(folder, 'config')
    symlinkSync(join(top, 'victim/secret'), path)
    const answer = ask(fileKind.ask([file(path)]))
    expect(answer).not.toContain(Buffer.from(victim).toString('hex'))
    const [step] = fileKind.close([file(path)], fileKind.read(answer), alone)
    expect(step!.reason).toContain('is a link')
    expect(step!.diff?.before).toBe('')
    victimIsUntouched()
  })

  it('never reads what lies below a folder of somebody else', () => {
    writeFileSync(join(folder, 'config'), victim)
    chownSync(folder, nobody, nobody)
    const answer = ask(fileKind.ask([file(join(folder, 'config'))]))
    expect(answer).not.toContain(Buffer.from(victim).toString('hex'))
    const [step] = fileKind.close([file(join(folder, 'config'))], fileKind.read(answer), alone)
    expect(step!.reason).toContain('others than root may write')
    expect(run(step!.prepare!).status).toBe(1)
  })

  it('does not wait for a pipe that stands where a file is wanted', () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    expect(fileKind.read(ask(fileKind.ask([file(path)]))).get(path)).toMatchObject({ isNot: 'else', content: '' })
  })

  it('turns a link in place, never what it leads to', () => {
    const path = join(folder, 'current')
    symlinkSync(join(top, 'victim'), path)
    const link = { kind: 'symlink', path, target: 'releases/2' } as const
    const [step] = symlinkKind.close([link], symlinkKind.read(ask(symlinkKind.ask([link]))), alone)
    expect(run(step!.apply)).toEqual({ status: 0, said: '' })
    expect(readlinkSync(path)).toBe('releases/2')
    victimIsUntouched()
  })
})

it('is looked at in every piece of shell that acts on a path', () => {
  const path = '/srv/x'
  const desired = {
    directory: { kind: 'directory', path, mode: '0755', ...owned },
    file: { kind: 'file', path, content: '', mode: '0644', ...owned },
    symlink: { kind: 'symlink', path, target: 'y' },
    tree: { kind: 'tree', path, payload: 'release:1', owner: 'root' },
  } as const
  for (const [name, resource] of Object.entries(desired)) {
    const kind = kinds.find((one) => one.kind === name)!
    const steps: readonly Step[] = [...kind.close([resource], new Map(), alone), kind.remove!(path, {})]
    for (const { prepare, apply, rollBack } of steps)
      for (const piece of [prepare, apply, rollBack])
        if (piece) expect(piece.text, name).toContain(`stands_firm ${path}`)
  }
})
