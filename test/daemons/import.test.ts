import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { question } from '../../src/operations/follow/old-server.ts'
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

  it('what another one writes, until that ends', async () => {
    const { output, code } = await inImage(
      'ip link set lo up && cd /tests && timeout 200 python3 -B -m unittest -f test_follow 2>&1',
      {
        '/tests/follow-database': textOf('../../src/operations/follow/files/follow-database'),
        '/tests/test_follow.py': textOf('import/test_follow.py'),
        '/tests/question.sql': question,
      },
    )
    expect(code, output).toBe(0)
  }, 220_000)
})
