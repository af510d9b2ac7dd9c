import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FailureFacts, failure, type TrimaranError } from '../../errors/failure.ts'
import { describeValue } from '../describe-value.ts'
import { loadMark } from './own-imports.ts'
import { readSnippet, showSnippet, type Snippet } from './read-snippet.ts'

interface ConfigText {
  readonly file: string
  /** The file's name for messages, as seen from `folder`. */
  readonly shown: string
  readonly folder: string
  readonly text: string
}

/** Turns whatever came out of running a config file into a failure with the place in the user's own text. */
export function explainImportError(error: unknown, config: ConfigText): TrimaranError {
  const facts = factsOf(error, config)
  return failure('TRI-CONFIG-002', { next: 'correct it, then run the same command again', ...facts }, { cause: error })
}

function factsOf(error: unknown, config: ConfigText): FailureFacts {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (!(error instanceof Error)) {
    return { what: `${config.shown} throws while it runs`, why: `it threw ${describeValue(error)}` }
  }
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return unsupported(error, config)
  if (code === 'ERR_MODULE_NOT_FOUND') return missingModule(error, config)
  if (code === 'ERR_NO_TYPESCRIPT' || code === 'ERR_UNKNOWN_FILE_EXTENSION') return withoutTypes(error, config)
  if (error instanceof SyntaxError) return syntaxError(error, config)
  return thrown(error, config)
}

function syntaxError(error: Error, config: ConfigText): FailureFacts {
  const snippet = readSnippet(error.stack ?? '')
  const problem = error.message.includes('does not provide') ? 'has an import that fails' : 'has a syntax error'
  const name = snippet === undefined ? config.shown : nameOf(pathIn(snippet), config)
  return { what: `${name} ${problem}`, ...placeOf(snippet, config, error.message) }
}

/** What has to be written instead, by the words with which Node refuses what is more than a type. */
const insteadOf: readonly (readonly [RegExp, string])[] = [
  [/enum/, 'write an object instead: const colours = { red: 1 } as const'],
  [/namespace|module/, 'write plain constants and functions instead of the namespace'],
  [/parameter propert/, 'declare the field in the class, and set it in the constructor'],
  [/import equals|import =|export =/, 'write import … from, and export default'],
]

function unsupported(error: Error, config: ConfigText): FailureFacts {
  const name =
    /^TypeScript (.+?)(?: declaration)? is not supported/i.exec(error.message)?.[1] ?? 'this part of TypeScript'
  const why = `Node.js runs the file by removing its types, but \`${name}\` is more than a type`
  const next = insteadOf.find(([words]) => words.test(error.message))?.[1]
  const what = `${config.shown} uses TypeScript that Node.js cannot run`
  return { what, ...placeOf(readSnippet(error.stack ?? ''), config, why), ...(next !== undefined && { next }) }
}

function missingModule(error: Error, config: ConfigText): FailureFacts {
  const [, kind, target = '', by = ''] =
    /Cannot find (module|package) '(.+?)' imported from (.+)$/.exec(error.message) ?? []
  const importer = pathIn({ file: by })
  const isPackage = kind === 'package'
  const name = isPackage ? target : `./${relative(dirname(importer), target)}`.replace('./../', '../')
  const next = isPackage ? `npm install ${name}, in ${dirname(importer)}` : correctPath(target, name)
  return { what: `${nameOf(importer, config)} imports ${name}, which is not there`, next }
}

/** Node wants the ending of a file, which other tools let people leave out. */
function correctPath(target: string, name: string): string {
  const ending = ['.ts', '.js', '.mjs'].find((one) => existsSync(target + one))
  return ending === undefined ? 'correct the path' : `write the ending too: ${name}${ending}`
}

function withoutTypes(error: Error, config: ConfigText): FailureFacts {
  return {
    what: `${config.shown} is TypeScript, which this Node.js cannot run`,
    why: `${error.message}\nit was built without TypeScript, or NODE_OPTIONS turns it off`,
    next: 'use a Node.js from nodejs.org, or: npm install --save-dev node@24',
  }
}

function thrown(error: Error, config: ConfigText): FailureFacts {
  const frame = (error.stack ?? '').split('\n').find((line) => loadMark.test(line)) ?? ''
  const [, address = '', line, column] = /(file:\S+?)\?trimaran=\d+:(\d+):(\d+)/.exec(frame) ?? []
  const why = `${error.name}: ${error.message}`
  const what = `${config.shown} throws while it runs`
  const isCommonJs = /^(module|exports|require) is not defined/.test(error.message)
  const next = isCommonJs && { next: 'write import … from, and `export default defineStack({ … })`' }
  if (line === undefined) return { what, why, ...next }
  const file = fileURLToPath(address)
  const source = file === config.file ? (config.text.split('\n')[Number(line) - 1] ?? '') : ''
  return { what, ...placeOf({ file, line: Number(line), column: Number(column), source }, config, why), ...next }
}

function placeOf(snippet: Snippet | undefined, config: ConfigText, why: string): Pick<FailureFacts, 'where' | 'why'> {
  if (snippet === undefined) return { why }
  const where = `${nameOf(pathIn(snippet), config)}:${snippet.line}:${snippet.column}`
  return { where, why: snippet.source.trim() === '' ? why : `${showSnippet(snippet)}\n${why}` }
}

/** A path without the mark of its load, whether Node names it by path or by address. */
function pathIn({ file }: Pick<Snippet, 'file'>): string {
  const plain = file.replace(loadMark, '')
  return plain.startsWith('file:') ? fileURLToPath(plain) : plain
}

const nameOf = (path: string, { folder }: ConfigText): string => relative(folder, path)
