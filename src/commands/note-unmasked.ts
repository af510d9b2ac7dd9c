import type { Session } from '../operations/index.ts'
import type { Output } from '../ui/output.ts'

/** For commands that show what the app printed: says why some of its secrets may be shown. */
export function noteUnmasked({ unmasked }: Pick<Session, 'unmasked'>, output: Output): void {
  if (unmasked === undefined) return
  output.aside(
    `${output.tone.yellow('!')} Some secrets of the app are not known here, so they are not masked: ${unmasked}`,
  )
}
