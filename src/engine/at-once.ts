import type { RunOptions } from '../transport/transport.ts'

/** For a small question that even a busy server answers at once: the limit for it. */
export const atOnce: RunOptions = { deadlineSeconds: 15, mostLetters: 1_000_000 }
