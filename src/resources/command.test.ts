import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sh } from '../shell/sh.ts'
import { commandKind } from './command.ts'
import type { Command } from './resource.ts'
import { commandsFolder } from './state-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'trimaran-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** As on a server, but in a folder of this test's own. */
const bash = (script: string): string =>
  spawnSync('bash', ['-euc', script.replaceAll(commandsFolder, folder)], { encoding: 'utf8' }).stdout

const command = (version: string): Command => ({
  kind: 'command',
  name: 'release command',
  version,
  words: 'node migrate.js',
  run: sh`echo ran ${version}`,
})

const context = { triggers: [], removed: [] } as unknown as Parameters<typeof commandKind.close>[2]

function release(version: string): string {
  const desired = [command(version)]
  const facts = commandKind.read(bash(commandKind.ask(desired).text))
  return commandKind
    .close(desired, facts, context)
    .map(({ apply }) => bash(apply.text).trim())
    .join()
}

it('runs once for each version, and not again when an earlier one is back', () => {
  expect(release('one')).toBe('ran one')
  expect(release('one')).toBe('')
  expect(release('two')).toBe('ran two')
  // Two was rolled back.
  expect(release('one')).toBe('')
  expect(release('three')).toBe('ran three')
  expect(release('two')).toBe('')
})

it('knows what was run by a server that remembered only the last version, without an end of line', () => {
  bash(`printf old >${commandsFolder}/release-command`)
  expect(release('old')).toBe('')
  expect(release('new')).toBe('ran new')
  expect(release('old')).toBe('')
})
