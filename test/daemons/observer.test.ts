import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { observer } from '../../src/components/observer/index.ts'
import { patroni, patroniPaths } from '../../src/components/patroni/index.ts'
import { contextFor, nineServers } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const placed: Readonly<Record<string, string>> = Object.fromEntries(
  [patroni, observer]
    .flatMap((one) => one.render(contextFor(nineServers([patroni, observer]), 'db-2')))
    .flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
)
const program = '/usr/local/lib/trimaran/observer'

const sources = ['../../src/components/observer/tests/', 'observer/'].map((folder) => new URL(folder, import.meta.url))
const tests = Object.fromEntries(
  sources.flatMap((folder) =>
    readdirSync(folder).map((name) => [`${program}/${name}`, readFileSync(new URL(name, folder), 'utf8')] as const),
  ),
)
const runTest = (name: string) =>
  inImage(`cd ${program} && PYTHONPATH=${patroniPaths.program} python3 -B -m unittest ${name} 2>&1`, {
    ...placed,
    ...tests,
  })

describe.skipIf(!hasStockedImage())('the observer', () => {
  it('decides as its table says', async () => {
    const { output, code } = await runTest('test_decide')
    expect(code, output).toBe(0)
  })

  it('loses a write without any one of its rules, in a course in which it loses none with it', async () => {
    const { output, code } = await runTest('test_courses')
    expect(code, output).toBe(0)
  })

  // `python3 -B test_model.py 100000 FOLDERS` runs as many as one likes, on all cores.
  it('loses no acknowledged write in random courses', async () => {
    const { output, code } = await runTest('test_model')
    expect(code, output).toBe(0)
  }, 120_000)

  it('lets PostgreSQL receive from one server alone, and notices when others empty its rules', async () => {
    const { output, code } = await runTest('test_promise')
    expect(code, output).toBe(0)
  })

  it('answers Patroni, or leaves it to the program', async () => {
    const { output, code } = await runTest('test_requests')
    expect(code, output).toBe(0)
  })

  it('has a sound unit', async () => {
    const { output } = await inImage(
      'systemd-analyze verify --man=no trimaran-observer.service 2>&1 | grep -i observer',
      placed,
    )
    expect(output).toBe('')
  })
})
