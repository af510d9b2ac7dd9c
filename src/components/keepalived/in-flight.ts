import { sh, type Shell } from '../../shell/sh.ts'
import type { Server, Stack } from '../../stack/stack.ts'

/**
 * The connections of visitors. Those to the address that is elsewhere now lead nowhere: the new holder knows nothing of them.
 */
export const askInFlight = (_server: Server, { virtualAddress }: Stack): Shell => sh`
  ss -Htn state established '( sport = :80 or sport = :443 )' '! dst 127.0.0.0/8' | awk -v gone=${virtualAddress?.address ?? ''} '
    { if (index($3, gone ":") == 1) cut++; else left++ }
    END { if (left) print "left " left; if (cut) print "cut " cut }'
`
