import { lines, sh, type Shell } from '../shell/sh.ts'

/** https://man7.org/linux/man-pages/man7/sched.7.html, on autogrouping; a kernel without it has no such file. */
const makeSessionNice: Shell = sh`{ echo 19 >/proc/self/autogroup; } 2>/dev/null || true`

/**
 * Does work while others serve: whatever else runs on the server has its processors and disks first. Niceness alone would not do,
 * since it counts only within one control group, and the app is in another one: so the work gets one of its own, beside the
 * services, with a hundredth of their weight. Where the kernel groups by session instead, that group is made nice.
 */
export const lowPriority = (work: Shell): Shell => sh`
  slowly=()
  if systemd-run --quiet --scope --collect --slice=system.slice true 2>/dev/null; then
    slowly=(systemd-run --quiet --scope --collect --slice=system.slice -p CPUWeight=1 -p IOWeight=1)
  fi
  "\${slowly[@]}" setsid --wait nice -n 19 ionice -c 3 -t bash -euo pipefail -c ${lines([makeSessionNice, work]).text}
`
