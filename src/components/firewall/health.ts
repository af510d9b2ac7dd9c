import { lines, sh, type Shell } from '../../shell/sh.ts'
import type { Server } from '../../stack/stack.ts'
import type { ComponentHealth } from '../component.ts'
import { table, unitName } from './paths.ts'
import { trimaran } from '../../speech/suggested-command.ts'

/**
 * The unit's state; whether the rules are there; tables of others that judge packets; and how full the kernel's table of connections
 * is, where there is one.
 */
export function askFirewall(): Shell {
  return lines([
    sh`
      systemctl is-active ${unitName} || true
      nft list chain ${table.split(' ')} incoming >/dev/null 2>&1 && echo present || echo absent
      timeout 1 nft -s list ruleset 2>/dev/null | awk ${othersThatJudge}
      cd /proc/sys/net/netfilter 2>/dev/null && printf 'tracked\t%s\t%s\n' "$(cat nf_conntrack_count)" "$(cat nf_conntrack_max)"
      true
    `,
  ])
}

/** Tables that are not ours nor keepalived's, whose chains refuse by default, or have rules, for what comes in or goes out. */
const othersThatJudge = `
  $1 == "table" { table = $2 " " $3; isOther = $3 !~ /^(trimaran|keepalived)/ }
  $1 == "chain" { judges = 0 }
  /type filter hook (input|output) / { judges = 1; if (isOther && /policy drop/) found[table]; next }
  judges && isOther && NF > 0 && $1 != "}" { found[table] }
  END { for (each in found) printf "other\\t%s\\n", each }
`

const full = 0.9

/** Well while the rules are loaded and their program runs; the guarded daemons serve either way. */
export function readFirewall(answer: string, { name }: Server): ComponentHealth {
  const [unit = 'unknown', rules = 'unknown', ...rest] = answer.trim().split('\n')
  if (rules !== 'present' || unit !== 'active') {
    const what =
      rules === 'present'
        ? `the rules would not be restored: ${unitName} is not active`
        : 'its rules are not loaded, and ports are open'
    return { state: 'degraded', note: `${what} → ${trimaran('up')}, ${trimaran(`logs ${name}`)}` }
  }
  const tracked = rest.map((line) => /^tracked\t(\d{1,10})\t(\d{1,10})$/.exec(line)).find((found) => found !== null)
  const [count, most] = [Number(tracked?.[1]), Number(tracked?.[2])]
  if (count >= most * full)
    return {
      state: 'degraded',
      note: `the kernel's table of connections is nearly full, ${count} of ${most}: the app's new ones will be refused → see what the app opens, or raise net.netfilter.nf_conntrack_max there`,
    }
  const others = rest.flatMap((line) => /^other\t(\w{1,8} [\w.-]{1,40})$/.exec(line)?.[1] ?? []).toSorted()
  if (others.length === 0) return { state: 'well' }
  return {
    state: 'well',
    note: `rules that are not Trimaran's judge packets as well: ${others.slice(0, 5).join(', ')}`,
  }
}
