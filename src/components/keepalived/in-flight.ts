import { sh, type Shell } from '../../shell/sh.ts'
import type { Server, Stack } from '../../stack/stack.ts'

/**
 * The connections of visitors. Those to the virtual address are dead once it moved: the new holder does not have them.
 */
export const askInFlight = (_server: Server, { virtualAddress }: Stack): Shell => sh`
  ss -Htn state established '( sport = :80 or sport = :443 )' '! dst 127.0.0.0/8' | awk -v gone=${virtualAddress?.address ?? ''} '
    { if (index($3, gone ":") == 1) cut++; else left++ }
    END { if (left) print "left " left; if (cut) print "cut " cut }'
`
