import { lines, sh, type Shell } from '../../shell/sh.ts'
import { cutFileOf, retireProgram, slotNames, targetOf } from './slots.ts'

/** What a drained app server still works on in each slot, and what was still open when the drain time ended. */
export const askInFlight = (): Shell =>
  lines(
    slotNames.map(
      (slot) => sh`
        if systemctl is-active --quiet ${targetOf(slot)}; then
          # While its processes end, it is not free, although no request may be left.
          busy=$(${retireProgram} ${slot} busy); echo "left $((busy > 0 ? busy : 1))"
        fi
        [ ! -s ${cutFileOf(slot)} ] || echo "cut $(cat ${cutFileOf(slot)})"
      `,
    ),
  )
