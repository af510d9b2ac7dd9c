import { buildRouteMap } from '@stricli/core'
import { follow } from './db-follow.ts'
import { importCommand } from './db-import.ts'

export const db = buildRouteMap({
  routes: { import: importCommand, follow },
  docs: { brief: 'Work on the database as a whole' },
})
