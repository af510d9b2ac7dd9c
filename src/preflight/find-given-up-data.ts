import type { Component } from '../components/component.ts'
import { type Answers, isObservation } from '../observation/observation.ts'
import { trimaran } from '../speech/suggested-command.ts'
import type { Server, Stack } from '../stack/stack.ts'
import type { Refusal } from './refusal.ts'

/**
 * Refusals for the last servers that hold data of a tier: a line that is removed from a file never takes data away. `removed` are
 * the servers that the file no longer has.
 */
export function findGivenUpData(
  stack: Stack,
  removed: readonly Server[],
  answers: Answers,
  components: readonly Component[],
): readonly Refusal[] {
  const ending = components
    .filter(({ owns }) => owns?.data !== undefined)
    .filter((component) => !stack.servers.some((server) => component.belongsOn(server, stack)))
  return removed
    .filter((server) => ending.some((component) => component.belongsOn(server, stack)) && mayHold(server, answers))
    .map(({ name, tier }) => ({
      server: name,
      what: `it holds the data, and ${tier} has left the file`,
      why: 'no server that stays has a copy: the app would be without its data',
      next:
        `put \`${tier}\` back into the file; to end it on purpose, save the data before you take it out ` +
        `(${trimaran(`exec ${name} -- runuser -u postgres pg_dumpall > all.sql`)}), and then run ${trimaran('up --anyway')}`,
    }))
}

/** One that does not answer may hold it; one with nothing of Trimaran's was cleared. */
function mayHold({ name }: Server, answers: Answers): boolean {
  const answer = answers.get(name)
  return answer === undefined || !isObservation(answer) || answer.manifest.length > 0
}
