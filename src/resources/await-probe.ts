import { sh, type Shell } from '../shell/sh.ts'

/** How many restarts by systemd count as a failed start. */
const hopelessRestarts = 3

/** What an operator is shown besides when something does not come up. */
interface MoreWords {
  /** Prints why it is not reached, where that can be told. */
  readonly why?: Shell
  /** Prints what it answers now. */
  readonly answer?: Shell
  /** A pattern of log lines about health checks. */
  readonly asked?: string
}

/**
 * Runs `probe` until it succeeds; exits with 1, with the last output of the probe and the units, when it does not
 * succeed within the deadline or when they keep ending. `name` is what the operator knows it by.
 */
export function awaitProbe(
  name: string,
  units: readonly string[],
  probe: Shell,
  deadlineSeconds: number,
  { answer = sh`true`, asked = '^$', why = sh`true` }: MoreWords = {},
): Shell {
  return sh`
    serves() ( ${probe}
    )
    restarts() {
      local sum=0 count
      for count in $(systemctl show -p NRestarts --value ${units}); do sum=$((sum + count)); done
      echo $sum
    }
    answers() ( ${answer}
    )
    why() ( ${why}
    )
    tell_of_all() { why 2>&1 || true; for unit in ${units}; do tell_of "$unit" ${asked}; done; answers 2>&1 || true; }
    began=$(restarts)
    deadline=$((SECONDS + ${deadlineSeconds}))
    until words=$(serves 2>&1); do
      if [ $(($(restarts) - began)) -ge ${hopelessRestarts} ]; then
        echo ${name} ends again and again
        tell_of_all
        exit 1
      fi
      if [ $SECONDS -ge $deadline ]; then
        echo ${name} does not serve after ${deadlineSeconds} seconds"\${words:+: \${words%%$'\n'*}}"
        tell_of_all
        exit 1
      fi
      sleep 0.1
    done
  `
}
