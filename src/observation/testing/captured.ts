import { readFileSync } from 'node:fs'

/** What real servers answered to the question about themselves; `captured/README.md` says which, and how they were asked. */
export type Captured = 'lab-server' | 'lxc' | 'docker'

export const captured = (which: Captured): string =>
  readFileSync(new URL(`captured/${which}.txt`, import.meta.url), 'utf8')
