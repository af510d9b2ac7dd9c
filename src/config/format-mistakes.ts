import type { FailureFacts } from '../errors/failure.ts'
import type { Mistake } from './mistake.ts'

/** Puts all mistakes into the words of one failure; `file` is the config's name as the user should see it. */
export function formatMistakes(mistakes: readonly Mistake[], file?: string): FailureFacts {
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`
  return {
    what: `${file ?? 'The config'} has ${count}`,
    why: mistakes.map((mistake) => formatMistake(mistake, file)).join('\n'),
    next: `correct ${mistakes.length === 1 ? 'it' : 'them'}, then run the same command again`,
    details: { file, mistakes: mistakes.map(formatAsData) },
  }
}

const formatAsData = ({ path, problem, reason, suggestion, position }: Mistake) => ({
  path,
  problem,
  reason,
  suggestion,
  position,
})

function formatMistake({ path, problem, reason, suggestion, position }: Mistake, file = 'line'): string {
  const place = position === undefined ? '' : ` (${file}:${position.line}:${position.column})`
  const advice = [reason, suggestion].filter((line) => line !== undefined)
  return [`${path === '' ? 'the config' : path} ${problem}${place}`, ...advice.map((line) => `  ${line}`)].join('\n')
}
