import { sh, type Shell } from '../shell/sh.ts'

/**
 * Does work while others serve: whatever else runs on the server has its processors and disks first. Niceness alone would not do,
 * since it counts only within one control group, and the app is in another one: so the work gets one of its own, beside the
 * services, with a hundredth of their weight.
 */
export const lowPriority = (work: Shell): Shell => sh`
  slowly=()
  if systemd-run --quiet --scope --collect --slice=system.slice true 2>/dev/null; then
    slowly=(systemd-run --quiet --scope --collect --slice=system.slice -p CPUWeight=1 -p IOWeight=1)
  fi
  "\${slowly[@]}" nice -n 19 ionice -c 3 -t bash -euo pipefail -c ${work.text}
`
