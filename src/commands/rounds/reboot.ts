import { buildCommand } from '@stricli/core'
import { restartServer } from '../../engine/restart-server.ts'
import { failure } from '../../errors/failure.ts'
import { anywayFlag } from '../drain.ts'
import { changeFlags } from '../flags.ts'
import type { RoundFlags, Turn } from './round.ts'
import { runRound } from './run-round.ts'

/** Flags and arguments of a rolling operation. */
export const roundParameters = {
  flags: { ...changeFlags, ...anywayFlag },
  positional: {
    kind: 'array',
    parameter: {
      brief: 'Servers, tiers, or all; none to go on with what was cut off',
      parse: String,
      placeholder: 'server',
    },
  },
} as const

export const reboot = buildCommand({
  docs: { brief: 'Restart servers one after the other, each drained first, so that visitors do not notice' },
  parameters: roundParameters,
  func: (flags: RoundFlags, ...words: readonly string[]) =>
    runRound(flags, { verb: 'reboot', deed: 'Restart', done: 'restarted', work: restart }, words),
})

/** @throws TRI-ROLL-003 where it does not come back. */
export async function restart({ session, server, phase }: Turn): Promise<void> {
  await phase(
    'restarts',
    async () => {
      if (await restartServer(server, session.connect)) return
      throw failure('TRI-ROLL-003', {
        what: `${server.name} did not come back within ten minutes of its restart`,
        next: 'look at its console; once it answers SSH',
      })
    },
    () => 'restarted',
  )
}
