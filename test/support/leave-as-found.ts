import assert from 'node:assert/strict'
import { afterAll, vi } from 'vitest'
import { forgetSecrets } from '../../src/speech/known-secrets.ts'

/**
 * Files of unit tests share a process, one after the other. So each leaves it as it was: with the same environment, the
 * real clock, and no secret known.
 */
const environment = { ...process.env }

afterAll(() => {
  vi.useRealTimers()
  forgetSecrets()
  assert.deepEqual({ ...process.env }, environment, 'this file leaves something in the environment')
})
