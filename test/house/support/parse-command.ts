import { buildApplication, type Command, run, type StricliProcess } from '@stricli/core'
import { routes } from '../../../src/commands/routes.ts'

/** What is wrong with a command, as its own command line says it; nothing where it is accepted. Nothing of it is done. */
export async function objectionTo(line: string): Promise<string | undefined> {
  const words = splitWords(line)
  let target: unknown = routes
  while (isMap(target) && words.length > 0 && !words[0]!.startsWith('-')) {
    const found = target.getRoutingTargetForInput(words[0]!)
    if (found === undefined) return `there is no ${words[0]}`
    target = found
    words.shift()
  }
  if (isMap(target))
    return words.every((word) => word === '--help') && words.length > 0 ? undefined : 'no verb is named'
  const said: string[] = []
  const stream = { write: (text: string) => said.push(text) }
  const stdio = { stdout: stream, stderr: stream } as unknown as StricliProcess
  const command = { ...(target as Command<never>), loader: () => Promise.resolve(() => {}) } as unknown as Command<{
    process: StricliProcess
  }>
  const application = buildApplication(command, {
    name: 'trimaran',
    scanner: { allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
  })
  await run(application, words, { process: stdio })
  return Number(stdio.exitCode ?? 0) === 0 ? undefined : said.join('').trim()
}

interface RouteMap {
  getRoutingTargetForInput: (word: string) => unknown
}

const isMap = (target: unknown): target is RouteMap =>
  typeof target === 'object' && target !== null && 'getRoutingTargetForInput' in target

/** Words as a shell splits them, as far as suggested commands need it. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  )
}
