import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProgram, type Setting } from '../program.ts'

export interface Ended {
  readonly code: number
  /** Standard output and standard error. */
  readonly said: string
  /** How it called what was stubbed, a line each. */
  readonly called: readonly string[]
}

/** Runs a program of a component here, in a folder of its own, with other commands in the place of those that change a server. */
export interface ProgramBench {
  readonly folder: string
  /** A path in that folder. */
  at(name: string): string
  /** Notes each call of a command, then does what Bash says. */
  stub(name: string, then?: string): void
  /** Gives a program its settings, so that it can be run. */
  place(module: string, name: string, settings: Readonly<Record<string, Setting>>): void
  run(name: string, words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  remove(): void
}

export function createBench(): ProgramBench {
  const folder = mkdtempSync(join(tmpdir(), 'program-bench-'))
  const at = (name: string): string => join(folder, name)
  return {
    folder,
    at,
    stub(name, then = '') {
      const note = `printf '%s\\n' "${name}\${*:+ $*}" >>'${at('called')}'`
      writeFileSync(at(name), `#!/bin/bash\n${note}\n${then}\n`, { mode: 0o755 })
    },
    place: (module, name, settings) => writeFileSync(at(name), readProgram(module, name, settings), { mode: 0o755 }),
    run: (name, words, env = {}) =>
      new Promise((resolve) => {
        rmSync(at('called'), { force: true })
        const path = `${folder}:${process.env['PATH']}`
        execFile(at(name), words, { env: { ...process.env, PATH: path, ...env } }, (error, stdout, stderr) => {
          const called = existsSync(at('called')) ? readFileSync(at('called'), 'utf8').trim().split('\n') : []
          resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr, called })
        })
      }),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
