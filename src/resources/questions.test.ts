import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Shell } from '../shell/sh.ts'
import { fileKind } from './file.ts'
import { kernelSettingKind } from './kernel-setting.ts'
import type { File } from './resource.ts'

/** Questions to this computer instead of a server. */
const ask = (question: Shell): string => execFileSync('bash', ['-c', question.text], { encoding: 'utf8' })

let folder: string
beforeAll(() => {
  // Not in the folder for temporary files: what lies where anybody may write is not read.
  folder = mkdtempSync(join(homedir(), '.trimaran-questions-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it.skipIf(process.getuid?.() !== 0)('hears of each file what it holds, and whose it is', () => {
  const texts = { 'it’s one': 'a\tb\n\n  "c" $d \\e\n', empty: '', 'no end': 'x' }
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text, { mode: 0o640 })
  chmodSync(join(folder, 'empty'), 0o4755)
  symlinkSync('empty', join(folder, 'link'))
  const files = [...Object.keys(texts), 'link', 'missing', '.'].map((name): File => ({
    kind: 'file',
    path: `${folder}/${name}`,
    content: '',
    mode: '0640',
    owner: 'root',
    group: 'root',
  }))
  const facts = fileKind.read(ask(fileKind.ask(files)))
  const heard = [...facts.keys()].map((path) => path.slice(folder.length + 1))
  expect(heard).toEqual([...Object.keys(texts), 'link', '.'])
  expect(facts.get(join(folder, 'link'))).toMatchObject({ content: '', isNot: 'link' })
  expect(facts.get(`${folder}/.`)).toMatchObject({ content: '', isNot: 'else' })
  for (const [name, content] of Object.entries(texts)) {
    const mode = name === 'empty' ? '4755' : '0640'
    expect(facts.get(join(folder, name))).toMatchObject({ content, mode, owner: userInfo().username })
  }
})

it('hears kernel settings of one number and of several', () => {
  const names = ['kernel.pid_max', 'net.ipv4.ip_local_port_range', 'net.no.such']
  const facts = kernelSettingKind.read(
    ask(kernelSettingKind.ask(names.map((name) => ({ kind: 'kernel-setting', name, value: '' })))),
  )
  expect([...facts.keys()]).toEqual(names.slice(0, 2))
  for (const name of names.slice(0, 2)) {
    const there = readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8')
    expect(facts.get(name)!.value).toBe(there.trim().replaceAll('\t', ' '))
  }
})
