import { placedByTrimaran } from '../placed.ts'
import { places, poolPort } from './places.ts'

/** A way to PgBouncer's console, for operators and for Trimaran: it lets in the user that it runs as. */
export const renderConsole = (): string => `#!/bin/sh
${placedByTrimaran}
# pool-console 'SHOW POOLS': asks this server's PgBouncer. More words go to psql.
exec setpriv --reuid=postgres --regid=postgres --clear-groups psql --no-psqlrc -qAtX -h ${places.sockets} -p ${poolPort} -U pgbouncer -d pgbouncer -c "$@"
`
