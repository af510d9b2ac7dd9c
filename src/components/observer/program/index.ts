import { decideProgram } from './decide.ts'
import { establishProgram } from './establish.ts'
import { mainProgram } from './main.ts'
import { postgresProgram } from './postgres.ts'
import { requestsProgram } from './requests.ts'
import { signsProgram } from './signs.ts'
import { votesProgram } from './votes.ts'

/** The observer's program: Python's standard library alone, which is there because of Patroni. File name to text. */
export const program: Readonly<Record<string, string>> = {
  '__main__.py': mainProgram,
  'decide.py': decideProgram,
  'establish.py': establishProgram,
  'requests.py': requestsProgram,
  'votes.py': votesProgram,
  'signs.py': signsProgram,
  'postgres.py': postgresProgram,
}
