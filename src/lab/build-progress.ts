import type { LabEvent } from './events.ts'

/** Reads a program's output line by line, and says what it means when it means progress. */
export type ProgressReader = (line: string) => LabEvent | undefined

/**
 * Reads debootstrap's lines, such as `I: Retrieving adduser 3.152`. How many packages there are is known once all have
 * been retrieved; each is then unpacked and configured.
 */
export function readDebootstrap(): ProgressReader {
  const seen = { Retrieving: new Set<string>(), Unpacking: new Set<string>(), Configuring: new Set<string>() }
  return (line) => {
    // `Retrieving NAME VERSION`, `Unpacking NAME...`; `Unpacking required packages...` is about no package.
    const [, verb = '', name = ''] = /^I: (\w+) (\S+?)(?::\w+)?(?:\.\.\.| \S+[^.\s])$/.exec(line) ?? []
    if (!isVerb(verb) || name === 'InRelease') return undefined
    seen[verb].add(name)
    const counted = { stage: stages[verb], detail: name, done: seen[verb].size }
    return verb === 'Retrieving' ? counted : { ...counted, total: Math.max(seen.Retrieving.size, counted.done) }
  }
}

const stages = { Retrieving: 'download', Unpacking: 'unpack', Configuring: 'install' } as const

const isVerb = (word: string): word is keyof typeof stages => word in stages

/** Reads apt-get's lines: `12 newly installed`, `Get:3 …`, `Unpacking …`, `Setting up …`. */
export function readApt(): ProgressReader {
  let total = 0
  const done = { download: 0, unpack: 0, install: 0 }
  const patterns = [
    ['download', /^Get:\d+ \S+ \S+ \S+ (\S+)/],
    ['unpack', /^Unpacking (\S+?)(?::\w+)? /],
    ['install', /^Setting up (\S+?)(?::\w+)? /],
  ] as const
  return (line) => {
    total = Number(/(\d+) newly installed/.exec(line)?.[1] ?? total)
    for (const [stage, pattern] of patterns) {
      const name = pattern.exec(line)?.[1]
      // Before the count is known, apt fetches indexes, not packages.
      if (name === undefined || total === 0) continue
      done[stage] += 1
      return { stage, detail: name, done: done[stage], total }
    }
    return undefined
  }
}
