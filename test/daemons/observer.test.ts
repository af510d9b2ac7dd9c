import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { observer } from '../../src/components/observer/index.ts'
import { contextFor, nineServers } from '../../src/components/testing/stacks.ts'
import { hasStockedImage, inImage } from './in-image.ts'

const placed: Readonly<Record<string, string>> = Object.fromEntries(
  observer
    .render(contextFor(nineServers([observer]), 'db-2'))
    .flatMap((one) => (one.kind === 'file' ? [[one.path, one.content]] : [])),
)
const program = '/usr/local/lib/trimaran/observer'
const ownTest = (name: string): string => readFileSync(new URL(`observer/${name}.py`, import.meta.url), 'utf8')

const runTest = (name: string) =>
  inImage(`cd ${program} && python3 -B -m unittest ${name} 2>&1`, {
    ...placed,
    [`${program}/${name}.py`]: ownTest(name),
  })

describe.skipIf(!hasStockedImage())('the observer', () => {
  it('decides as its table says', async () => {
    const { output, code } = await runTest('test_decide')
    expect(code, output).toBe(0)
  })

  it('loses no acknowledged write in thousands of random courses, and each rule is needed for that', async () => {
    const { output, code } = await runTest('test_model')
    expect(code, output).toBe(0)
  }, 120_000)

  it('keeps its promise: nothing of PostgreSQL reaches the primary, its own knocks do', async () => {
    const { output, code } = await runTest('test_promise')
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
