import type { RunOptions } from '../transport/transport.ts'

/** For a small question that a server answers at once, however busy it is: nobody waits longer for it. */
export const atOnce: RunOptions = { deadlineSeconds: 15, mostLetters: 1_000_000 }
