import ipaddr from 'ipaddr.js'
import type { File } from '../../resources/resource.ts'
import { sh, type Shell } from '../../shell/sh.ts'
import { isAddress } from '../../stack/networks.ts'
import { hasDatabaseElsewhere, type Stack } from '../../stack/stack.ts'
import type { RenderContext } from '../component.ts'
import { statedDatabaseUrl } from '../../config/database-ways.ts'
import { type DatabaseUrl, readDatabaseUrl } from '../../config/values/database-url.ts'
import { rootFile } from '../root-file.ts'

type Known = Pick<RenderContext, 'stack' | 'appSecrets'>

/** As its URL says; `undefined` where there is none, or where it does not name one host: nobody can ask for it then. */
export function databaseElsewhere({ stack, appSecrets }: Known): DatabaseUrl | undefined {
  if (!hasDatabaseElsewhere(stack)) return undefined
  return readDatabaseUrl(statedDatabaseUrl('database', stack.declared.app.env, appSecrets)?.url ?? '')
}

/** Its address, where the URL has one: a name may lead to another address at any time. */
export function openedDatabase(context: Known): DatabaseUrl | undefined {
  const database = databaseElsewhere(context)
  return database !== undefined && (isAddress(database.host) || ipaddr.IPv6.isValid(database.host))
    ? database
    : undefined
}

const path = '/etc/trimaran/app-database'

/** For the question whether it can be reached from here. */
export function databaseFile(context: RenderContext): readonly File[] {
  if (!hasDatabaseElsewhere(context.stack)) return []
  const { host, port } = databaseElsewhere(context) ?? { host: '', port: '' }
  return [rootFile(path, `${host} ${port}\n`, { mode: '0600', secret: true })]
}

/** Prints a line where the app's user cannot connect to it. */
export const askDatabase = (stack: Stack): Shell =>
  hasDatabaseElsewhere(stack)
    ? sh`
        if read -r host port 2>/dev/null <${path} && [ -n "$port" ]; then
          timeout 1 runuser -u app -- bash -c ${'exec 3<>"/dev/tcp/$0/$1"'} "$host" "$port" >/dev/null 2>&1 || echo database=unreachable
        fi
      `
    : sh``

export const databaseUnreachable =
  'cannot connect to the database of DATABASE_URL → see whether it runs, and lets this server in; where its address is private, app.privateNetworks must name it'
