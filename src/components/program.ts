import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { File } from '../resources/resource.ts'
import { quote, sh, type Shell } from '../shell/sh.ts'
import { placedByTrimaran } from './placed.ts'

/** The value of a setting of a program. An array becomes a list of the language: for the shell, a Bash array. */
export type Setting = string | number | readonly (string | number)[]

interface Language {
  readonly comment: string
  /** A line that gives a setting its value. The setting's name is the first group. */
  readonly setting: RegExp
  /** Other lines that may come before the last setting: imports and strict modes. */
  readonly head: RegExp
  readonly assign: (name: string, value: Setting) => string
  /** Checks `$file` without running it. */
  readonly check: Shell
}

const shell: Language = {
  comment: '#',
  setting: /^([A-Z][A-Z0-9_]*)=/,
  head: /^set -/,
  assign: (name, value) => `${name}=${isList(value) ? `(${value.map(quoted).join(' ')})` : quoted(value)}`,
  check: sh`bash -n "$file"`,
}
const python: Language = {
  comment: '#',
  setting: /^([A-Z][A-Z0-9_]*) = /,
  head: /^(import|from) /,
  assign: (name, value) => `${name} = ${JSON.stringify(value)}`,
  check: sh`python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' "$file"`,
}
const perl: Language = {
  comment: '#',
  setting: /^my [$@]([A-Z][A-Z0-9_]*) = /,
  head: /^use /,
  assign: (name, value) =>
    isList(value) ? `my @${name} = (${value.map(perlValue).join(', ')});` : `my $${name} = ${perlValue(value)};`,
  check: sh`perl -c "$file" 2>&1`,
}
const lua: Language = {
  comment: '--',
  setting: /^local ([A-Z][A-Z0-9_]*) = /,
  head: /^local \w+ = require/,
  assign: (name, value) => `local ${name} = ${luaValue(value)}`,
  // Servers have no Lua interpreter: HAProxy checks it with its configuration.
  check: sh``,
}

const texts = new Map<string, string>()

/**
 * The text of a program as it is placed on a server: a file of the folder `files` beside the module, with a first line
 * that says so. Its settings are the lines `NAME=value` of its head, before its first other line of code. The values in
 * the file are examples, for linters and tests; here each gets its real value.
 *
 * @param module `import.meta.url` of the component's own module
 * @throws where the head does not name the same settings: a defect, found by any test that renders it
 * @example readProgram(import.meta.url, 'reload-haproxy', { SOCKET: '/run/haproxy/admin.sock' })
 */
export function readProgram(module: string, name: string, settings: Readonly<Record<string, Setting>> = {}): string {
  const rows = readOnce(new URL(`files/${name}`, module)).split('\n')
  const language = languageOf(name, rows[0]!)
  const start = rows[0]!.startsWith('#!') ? 1 : 0
  const found = rows.slice(0, lengthOfHead(rows, language)).map((row) => language.setting.exec(row)?.[1])
  const [there, given] = [found.filter((one) => one !== undefined), Object.keys(settings)]
  if (there.toSorted().join() !== given.toSorted().join())
    throw new Error(`${name}: its head names the settings “${there.join(', ')}”, given are “${given.join(', ')}”`)
  const filled = rows.map((row, index) => {
    const setting = found[index]
    return setting === undefined ? row : language.assign(setting, settings[setting]!)
  })
  const placed = placedByTrimaran.replace('#', language.comment)
  return [...filled.slice(0, start), placed, ...filled.slice(start)].join('\n')
}

/** A program of root's that everybody may run, at a path of a server. Its interpreter checks it before it is placed. */
export function placeProgram(
  module: string,
  name: string,
  path: string,
  settings: Readonly<Record<string, Setting>> = {},
): File {
  const content = readProgram(module, name, settings)
  const { check } = languageOf(name, content.slice(0, content.indexOf('\n')))
  return { kind: 'file', path, content, owner: 'root', group: 'root', mode: '0755', check }
}

function readOnce(file: URL): string {
  const text = texts.get(file.href) ?? readFileSync(file, 'utf8')
  texts.set(file.href, text)
  return text
}

/** By the end of its name, else by the interpreter that its first line names. */
function languageOf(name: string, first: string): Language {
  if (extname(name) === '.lua') return lua
  if (extname(name) === '.py' || /^#!.*python/.test(first)) return python
  return /^#!.*perl/.test(first) ? perl : shell
}

/** Up to the first line that is not a comment, a setting, or an allowed line among them. */
function lengthOfHead(rows: readonly string[], { comment, setting, head }: Language): number {
  let isDescribed = false
  const end = rows.findIndex((row) => {
    // Python's own description of a module may have many lines.
    const marks = row.split('"""').length - 1
    const isDescription = isDescribed || row.startsWith('"""')
    if (isDescription && marks % 2 === 1) isDescribed = !isDescribed
    return !(isDescription || row === '' || row.startsWith(comment) || setting.test(row) || head.test(row))
  })
  return end === -1 ? rows.length : end
}

const isList = (value: Setting): value is readonly (string | number)[] => Array.isArray(value)
const quoted = (value: string | number): string => quote(String(value))
const perlValue = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`
/** A string of JSON is one of Lua's, but for its escapes of rare characters. */
const luaValue = (value: Setting): string =>
  isList(value)
    ? `{ ${value.map(luaValue).join(', ')} }`
    : JSON.stringify(value).replaceAll(/\\u([0-9a-f]{4})/g, String.raw`\u{$1}`)
