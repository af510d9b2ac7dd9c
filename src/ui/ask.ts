import { failure } from '../errors/failure.ts'
import { shown } from './shown.ts'

/**
 * Asks the operator a question that is answered with yes or no; no is what Enter and Ctrl-C mean. Where a word is given, only that
 * word, typed, is yes.
 * Fails with TRI-UI-001 where no one can answer: standard input is not a terminal.
 */
export async function ask(question: string, word?: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw nobodyAnswers(question)
  // Read only where it is needed: most commands of CI and of scripts never ask.
  const { confirm, isCancel, text } = await import('@clack/prompts')
  if (word === undefined) {
    const answer = await confirm({ message: shown(question), initialValue: false })
    return !isCancel(answer) && answer
  }
  const answer = await text({ message: shown(`${question} Type ${word} to go on.`) })
  return !isCancel(answer) && answer.trim() === word
}

const nobodyAnswers = (question: string) =>
  failure('TRI-UI-001', {
    what: `“${question}” needs an answer`,
    why: 'Standard input is not a terminal, so the question cannot be asked',
    state: 'Nothing was changed',
    next: 'Add `--yes` where the answer is always yes, as in CI',
  })
