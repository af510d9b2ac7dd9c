import { sh } from '../../shell/sh.ts'
import type { Routes, Seen } from '../component.ts'
import { paths } from './paths.ts'

/** Watches the state of a server in the HAProxy here. */
export const routes: Routes = {
  watch: (name, wish, seconds) => sh`${paths.watch} ${name} ${wish} ${seconds}`,
  read: readSeen,
}

/** Reads one line of that. */
function readSeen(line: string): Seen | undefined {
  const [, used, open, others] = /^seen ([01]) (\d+) (\d+)$/.exec(line) ?? []
  return others === undefined ? undefined : { isUsed: used === '1', open: Number(open), others: Number(others) }
}
