import { failure } from '../../errors/failure.ts'
import { revisionIn } from '../../release/name-release.ts'
import { withoutSecrets } from '../../release/child-environment.ts'
import { runProgram } from '../../release/run-program.ts'
import { nameOf, type Terms } from '../operator.ts'
import type { Session } from '../session/session.ts'

/** What a hook gets in its environment. */
export interface HookFacts {
  readonly verb: 'deploy' | 'rollback'
  readonly release: string
  readonly previous: string
  /** Only afterwards. */
  readonly outcome?: 'deployed' | 'rolled-back' | 'failed'
  readonly seconds?: number
}

/**
 * Runs the user's own command before or after a deploy, in the folder of the config. Nothing where there is none.
 * @throws TRI-HOOK-001 before; TRI-HOOK-002 after.
 */
export async function runHook(
  when: 'before' | 'after',
  session: Session,
  facts: HookFacts,
  terms: Pick<Terms, 'emit' | 'name'>,
): Promise<void> {
  const { emit } = terms
  const field = when === 'before' ? 'beforeDeploy' : 'afterDeploy'
  const command = session.config.hooks[field]
  if (command === undefined) return
  const name = `hook ${when} the ${facts.verb}`
  emit({ type: 'stage', name, detail: command })
  const { code, lastLines } = await runProgram('/bin/sh', ['-c', command], {
    cwd: session.folder,
    env: { ...withoutSecrets(process.env, session.config), ...environmentOf(session, facts, nameOf(terms)) },
    onLine: (line) => emit({ type: 'stage', name, detail: line }),
  })
  if (code === 0) return
  throw failure(when === 'before' ? 'TRI-HOOK-001' : 'TRI-HOOK-002', {
    what: `The hook ${when} the ${facts.verb} ended with ${code}: \`${command}\``,
    where: `hooks.${field}`,
    why: lastLines.join('\n'),
    state:
      when === 'before' ? 'nothing was built, and no server was touched' : `the ${facts.verb} itself: ${facts.outcome}`,
  })
}

const environmentOf = (
  { stack, lab }: Session,
  { verb, release, previous, outcome, seconds }: HookFacts,
  operator: string,
): Readonly<Record<string, string>> => ({
  TRIMARAN_STACK: stack.name,
  TRIMARAN_VERB: verb,
  TRIMARAN_RELEASE: release,
  TRIMARAN_PREVIOUS_RELEASE: previous,
  TRIMARAN_REVISION: revisionIn(release),
  TRIMARAN_OPERATOR: operator,
  TRIMARAN_LAB: lab ? 'yes' : 'no',
  ...(outcome !== undefined && { TRIMARAN_OUTCOME: outcome }),
  ...(seconds !== undefined && { TRIMARAN_SECONDS: seconds.toFixed(1) }),
})
