import { catalogue } from './catalogue.ts'
import type { TrimaranError } from './failure.ts'
import { wrapLine } from './wrap-line.ts'

type Paint = (text: string) => string

/** What a failure is coloured with. */
export interface FailureTone {
  readonly red: Paint
  readonly bold: Paint
  readonly dim: Paint
  readonly cyan: Paint
}

export interface FailurePage {
  /** Columns of the terminal. Text is wrapped to it, and the code stands at its right end, but never past column 100. */
  readonly width: number
  /** Plain text where absent. */
  readonly tone?: FailureTone
}

/**
 * A failure as an operator reads it: the headline with the code at its right, then where, why and what was left
 * behind, then the next step. Ends without a line break.
 */
export function renderFailure({ code, facts }: TrimaranError, { width, tone = plain }: FailurePage): string {
  const columns = Math.max(40, Math.min(width, 100))
  const { what, where, why, state, next } = facts
  const body = [where, why, state].flatMap((part) => part?.split('\n') ?? [])
  return [
    ...headline(what, code, columns, tone),
    ...body.flatMap((line) => wrapLine(`  ${line}`, columns)),
    ...(next?.split('\n') ?? []).flatMap((line, index) => nextStep(line, index === 0, columns, tone)),
  ].join('\n')
}

/** A failure as `--json` shows it; parts that it does not have are absent. */
export function failureAsJson({ code, facts, exitCode }: TrimaranError): Readonly<Record<string, unknown>> {
  return { code, title: catalogue[code].title, ...facts, exitCode }
}

const same: Paint = (text) => text
const plain: FailureTone = { red: same, bold: same, dim: same, cyan: same }

/** The code stands beside the last line of the headline where it fits, and on a line of its own where not. */
function headline(what: string, code: string, columns: number, tone: FailureTone): readonly string[] {
  const told = what.split('\n').flatMap((line) => wrapLine(`  ${line}`, columns))
  const painted = told.map((line, index) =>
    index === 0 ? `${tone.red('✖')} ${tone.bold(line.slice(2))}` : tone.bold(line),
  )
  const gap = columns - told.at(-1)!.length - code.length
  if (gap >= 2) return [...painted.slice(0, -1), painted.at(-1)! + ' '.repeat(gap) + tone.dim(code)]
  return [...painted, ' '.repeat(columns - code.length) + tone.dim(code)]
}

function nextStep(line: string, isFirst: boolean, columns: number, tone: FailureTone): readonly string[] {
  const [first = '', ...rest] = wrapLine(`    ${line}`, columns)
  return [(isFirst ? `  ${tone.cyan('→')} ` : '    ') + first.slice(4), ...rest]
}
