import type { Tone } from './tone.ts'
import { trimaran } from '../speech/suggested-command.ts'

/** What is said at the end of servers that did not answer: `excluded` by their neighbours, or free to serve as they are. */
export function formatUnreachable(names: readonly string[], excluded: readonly string[], tone: Tone): string {
  const isExcluded = (name: string): boolean => excluded.includes(name)
  const format = (some: readonly string[], meanwhile: string): readonly string[] =>
    some.length === 0
      ? []
      : [
          `${tone.yellow('!')} ${some.join(', ')} did not answer: ${trimaran('up')} brings the release there; ${meanwhile}`,
        ]
  return [
    ...format(names.filter(isExcluded), 'until then nothing is sent there, even if the power comes back'),
    ...format(
      names.filter((name) => !isExcluded(name)),
      'until then what ran last is served there',
    ),
  ].join('\n')
}
