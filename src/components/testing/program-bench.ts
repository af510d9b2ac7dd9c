import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProgram, type Setting } from '../program.ts'

export interface Ended {
  readonly code: number
  /** Standard output and standard error. */
  readonly said: string
  /** Each call of a recorded command, a line each. */
  readonly called: readonly string[]
}

/** Runs a program of a component here, in a folder of its own, with other commands in the place of those that change a server. */
export interface ProgramBench {
  readonly folder: string
  /** A path in that folder. */
  at(name: string): string
  /** Notes each call of a command, then does what Bash says. */
  record(name: string, then?: string): void
  /** Gives a program its settings, so that it can be run. */
  place(module: string, name: string, settings: Readonly<Record<string, Setting>>): void
  /** Until the program ends; what it left in the background is ended then. */
  run(name: string, words: readonly string[], env?: Readonly<Record<string, string>>, input?: string): Promise<Ended>
  /** Ends what still runs, too. */
  remove(): void
}

export function createBench(): ProgramBench {
  const folder = mkdtempSync(join(tmpdir(), 'program-bench-'))
  const at = (name: string): string => join(folder, name)
  const running = new Set<number>()
  return {
    folder,
    at,
    record(name, then = '') {
      const note = `printf '%s\\n' "${name}\${*:+ $*}" >>'${at('called')}'`
      writeFileSync(at(name), `#!/bin/bash\n${note}\n${then}\n`, { mode: 0o755 })
    },
    place: (module, name, settings) => writeFileSync(at(name), readProgram(module, name, settings), { mode: 0o755 }),
    async run(name, words, env = {}, input = '') {
      rmSync(at('called'), { force: true })
      const path = `${folder}:${process.env['PATH']}`
      const child = spawn(at(name), words, { env: { ...process.env, PATH: path, ...env }, detached: true })
      running.add(child.pid!)
      child.stdin.on('error', () => {}) // It may have ended before.
      child.stdin.end(input)
      const chunks: Buffer[] = []
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      const closed = once(child, 'close')
      const [code] = (await once(child, 'exit')) as [number | null]
      endGroup(child.pid!)
      running.delete(child.pid!)
      await closed
      const called = existsSync(at('called')) ? readFileSync(at('called'), 'utf8').trim().split('\n') : []
      return { code: code ?? 1, said: Buffer.concat(chunks).toString(), called }
    },
    remove() {
      for (const leader of running) endGroup(leader)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nothing was left.
  }
}
