import type { Stack } from '../../stack/stack.ts'
import { placedByTrimaran } from '../placed.ts'
import { places } from './places.ts'

/** How the pool leaves for good: the app has been told to do without it, and finishes what it began with it. */
export function renderLeave({ declared }: Pick<Stack, 'declared'>): string {
  return `#!/bin/bash
${placedByTrimaran}
# Run before pgbouncer.service is stopped for good: waits until nobody is connected any more, for as long as an old copy of
# the app may take to end.
end=$((SECONDS + ${Math.min(150, Math.ceil(declared.app.drainTimeout + declared.app.stopTimeout))}))
while [ $SECONDS -lt $end ]; do
  timeout 2 ${places.console} 'SHOW CLIENTS' 2>/dev/null | cut -d'|' -f3 | grep -qvx pgbouncer || break
  sleep 0.5
done
exit 0
`
}
