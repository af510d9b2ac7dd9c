import { sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import { table, unitName } from './paths.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/** The unit's state, and whether the rules are there. */
export function askFirewall(): Shell {
  return sh`
    systemctl is-active ${unitName} || true
    nft list chain ${table.split(' ')} incoming >/dev/null 2>&1 && echo present || echo absent
  `
}

/** Well while the rules are loaded and their program runs; the guarded daemons serve either way. */
export function readFirewall(answer: string, { name }: Server): ComponentHealth {
  const [unit = 'unknown', rules = 'unknown'] = answer.trim().split('\n')
  if (rules === 'present' && unit === 'active') return { state: 'well' }
  const what =
    rules === 'present'
      ? `the rules would not be restored: ${unitName} is not active`
      : 'its rules are not loaded, and ports are open'
  return { state: 'degraded', note: `${what} → ${trimaran('up')}, ${trimaran(`logs ${name}`)}` }
}
