import { execFile, execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

/** Tests in Python: in a folder `tests`, beside the `files` that they test. */
const tests = globSync('src/**/tests/test_*.py').toSorted()

/** Programs of several modules. One is tested beside what it belongs to. */
const packages = globSync('src/components/*/files/*/').map((folder) => resolve(folder))

describe.skipIf(!hasPython())('what is written in Python', () => {
  it.for(tests)('%s', { timeout: 60_000 }, async (file) => {
    const folder = dirname(file)
    const environment = { ...process.env, PYTHONPATH: ['../files', ...packages].join(':') }
    const words = ['-B', '-m', 'unittest', basename(file, '.py')]
    const failed = await promisify(execFile)('python3', words, { cwd: folder, env: environment }).catch(
      ({ stderr }: { stderr: string }) => stderr,
    )
    expect(failed).not.toEqual(expect.any(String))
  })
})

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
