import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { placedByTrimaran } from './placed.ts'
import { readProgram, type Setting } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'program-'))
mkdirSync(join(folder, 'files'))
afterAll(() => rmSync(folder, { recursive: true }))
const module = pathToFileURL(join(folder, 'index.ts')).href

function read(name: string, text: string, settings?: Readonly<Record<string, Setting>>): string {
  writeFileSync(join(folder, 'files', name), text)
  return readProgram(module, name, settings)
}

describe('a program', () => {
  it('says that it was placed, after the line that names its interpreter', () => {
    expect(read('plain', '#!/bin/sh\necho\n')).toBe(`#!/bin/sh\n${placedByTrimaran}\necho\n`)
    expect(read('plain.py', '"""Plain."""\n')).toBe(`${placedByTrimaran}\n"""Plain."""\n`)
    expect(read('plain.lua', 'x()\n')).toBe(`-${placedByTrimaran.replace('#', '-')}\nx()\n`)
  })

  it('has settings in its head, and nowhere else', () => {
    const text = '#!/bin/sh\n# Why.\nset -eu\nPLACE=/tmp\n\nlocal=1\nPLACE=again\n'
    expect(read('head', text, { PLACE: '/a b' })).toContain("set -eu\nPLACE='/a b'\n\nlocal=1\nPLACE=again\n")
  })

  it('must name the settings that it is given', () => {
    expect(() => read('few', 'A=1\nB=2\n', { A: 1 })).toThrow('A, B')
    expect(() => read('many', 'A=1\n', { A: 1, B: 2 })).toThrow('A, B')
    expect(() => read('late', 'x\nA=1\n', { A: 1 })).toThrow('given are “A”')
  })

  const values = { WORD: `it's "a" $(b) \\c\\n {}\t`, NUMBER: 7, LIST: ['x y', "'", 3] }
  const said = `${values.WORD}|7|x y,',3`
  it.each([
    [
      'bash',
      '#!/bin/bash\nWORD=\nNUMBER=\nLIST=()\nlist=$(IFS=,; echo "${LIST[*]}")\nprintf %s "$WORD|$NUMBER|$list"\n',
    ],
    [
      'python3',
      '#!/usr/bin/python3\n"""What\nit does."""\nimport sys\n\nWORD = ""\nNUMBER = 0\nLIST = []\nsys.stdout.write(f"{WORD}|{NUMBER}|{\',\'.join(map(str, LIST))}")\n',
    ],
    [
      'perl',
      "#!/usr/bin/perl\nuse strict;\nmy $WORD = '';\nmy $NUMBER = 0;\nmy @LIST = ();\nprint \"$WORD|$NUMBER|\" . join ',', @LIST;\n",
    ],
  ])('reads its settings as they are in %s', (interpreter, text) => {
    const file = join(folder, `run-${interpreter}`)
    writeFileSync(file, read(interpreter, text, values))
    expect(execFileSync(interpreter, [file], { encoding: 'utf8' })).toBe(said)
  })

  it('writes a list of Lua', () => {
    const text = read('list.lua', 'local LIST = {}\n', { LIST: ['a"b', '\u0001', 2] })
    expect(text).toContain(String.raw`local LIST = { "a\"b", "\u{0001}", 2 }`)
  })
})
