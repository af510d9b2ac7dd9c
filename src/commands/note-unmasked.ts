import type { Session } from '../operations/index.ts'
import type { Output } from '../ui/output.ts'

/** For commands that show what the app printed: says why some of its secrets may stand there. */
export function noteUnmasked({ unmasked }: Pick<Session, 'unmasked'>, output: Output): void {
  if (unmasked === undefined) return
  output.aside(`${output.tone.yellow('!')} Secrets of the app that are not known here are not masked: ${unmasked}`)
}
