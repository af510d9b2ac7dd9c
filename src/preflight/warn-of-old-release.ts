import { releaseSettings, runningSettings } from '../config/release-settings.ts'
import { listNames } from '../explain/text.ts'
import { trimaran } from '../speech/suggested-command.ts'
import type { StackState } from '../stack/stack-state.ts'
import type { Stack } from '../stack/stack.ts'

/**
 * Says in one line which settings the release that runs was not built with: `up` builds none. Of those that `up` does bring, it is
 * said while they are not brought yet; `hasSteps` is whether something is.
 */
export function warnOfOldRelease(
  { declared }: Pick<Stack, 'declared'>,
  { release, digests = {} }: Pick<StackState, 'release' | 'digests'>,
  { hasSteps }: { readonly hasSteps: boolean },
): readonly string[] {
  const then = digests[release]?.settings ?? {}
  const changed = Object.entries(releaseSettings(declared))
    .filter(([name, value]) => then[name] !== undefined && then[name] !== value)
    .map(([name]) => name)
    .filter((name) => hasSteps || !runningSettings.includes(name))
  if (changed.length === 0) return []
  const has = changed.length === 1 ? 'has' : 'have'
  return [
    `${listNames(changed)} ${has} changed since release ${release} was built: ${trimaran('deploy')} builds one with that`,
  ]
}
