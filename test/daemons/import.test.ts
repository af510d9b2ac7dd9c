import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasStockedImage, inImage } from './in-image.ts'

const textOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

describe.skipIf(!hasStockedImage())('PostgreSQL takes', () => {
  it('dumps whole, or nothing of them', async () => {
    const { output, code } = await inImage(
      'ip link set lo up && cd /tests && timeout 150 python3 -B -m unittest test_import 2>&1',
      {
        '/tests/import-dump': textOf('../../src/operations/import/files/import-dump'),
        '/tests/test_import.py': textOf('import/test_import.py'),
      },
    )
    expect(code, output).toBe(0)
  }, 180_000)
})
