import { compileFunction } from 'node:vm'
import { app, database, defineStack, site, text } from '../../../index.ts'

/** What the text of a config exports, without the ways of a real module. It has only the names that it imports. */
export function runConfig(source: string): unknown {
  const names = /^import \{ (.+) \}/m.exec(source)![1]!.split(', ')
  const body = source.replace(/^import .*$/m, '').replace('export default', 'return')
  const all: Readonly<Record<string, unknown>> = { defineStack, app, database, site, text }
  return compileFunction(body, names)(...names.map((name) => all[name]))
}
