import { sh, type Shell } from '../../shell/sh.ts'
import { type Drained, isDrained } from '../../stack/stack-state.ts'
import type { Server, Stack } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import type { KeepalivedDetails } from './details.ts'

/** In the last so many minutes it is counted how often the address came here. */
export const minutesOfMoves = 5

/** Whether it runs, its last state, and the addresses that the server has. */
export function askKeepalived(): Shell {
  return sh`
    printf 'active %s\n' "$(systemctl is-active keepalived.service)"
    printf 'haproxy %s\n' "$(systemctl is-active haproxy.service)"
    timeout 1 journalctl -u keepalived.service -b -n 200 -o cat --no-pager 2>/dev/null |
      sed -n 's/^(visitors) Entering \([A-Z]*\) STATE.*/entered \1/p' | tail -n 1
    printf 'moves %s\n' "$(timeout 1 journalctl -u keepalived.service -b --since=-${minutesOfMoves}min -n 1000 -o cat --no-pager 2>/dev/null |
      grep -c '^(visitors) Entering MASTER STATE')"
    ip -o -4 address show | while read -r number device family address rest; do printf 'address %s\n' "$address"; done
    true
  `
}

/** Well: it runs, and either holds the address or stands by. */
export function readKeepalived(
  answer: string,
  { name }: Server,
  stack: Stack,
  told: Drained,
): ComponentHealth<KeepalivedDetails> {
  const rows = answer.split('\n').map((line) => line.split(' '))
  const all = (word: string): readonly string[] =>
    rows.flatMap(([key, value]) => (key === word && value ? [value] : []))
  const [active] = all('active')
  if (active === undefined) return { state: 'unknown', note: 'no answer' }

  const address = stack.virtualAddress?.address
  const holdsAddress = all('address').some((held) => held.split('/')[0] === address)
  const vrrpState = active === 'active' ? all('entered')[0] : undefined
  const moves = Number(all('moves')[0] ?? 0)
  const details = {
    holdsAddress,
    ...(moves > 0 && { moves }),
    ...(vrrpState !== undefined && { vrrpState: vrrpState.toLowerCase() }),
  }
  const isLeader = holdsAddress
  if (active !== 'active' && isDrained(told, name)) return { state: 'drained', isLeader, details }
  if (active !== 'active') return { state: 'down', note: noteOfStopped(all('haproxy')[0]), isLeader, details }
  if (vrrpState === 'FAULT')
    return {
      state: 'degraded',
      note: 'it cannot take the address: HAProxy on this server does not answer /alive',
      isLeader,
      details,
    }
  return { state: 'well', isLeader, details }
}

const noteOfStopped = (haproxy: string | undefined): string =>
  haproxy === 'active'
    ? 'keepalived does not run, so this balancer cannot take the address: `journalctl -u keepalived` says why'
    : 'keepalived is stopped because HAProxy does not run on this server'
