import type { RunOptions } from '../transport/transport.ts'

/** Limits for a small question, which even a busy server answers at once. */
export const shortQuery: RunOptions = { deadlineSeconds: 15, mostLetters: 1_000_000 }
