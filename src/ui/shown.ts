import { hideSecrets } from '../speech/known-secrets.ts'
import { visible } from '../speech/visible.ts'
import { ownColours } from './tone.ts'

/**
 * A text that is safe for a terminal or a file: only our own colours, no other control character, and no secrets. All
 * output passes here, since it may contain text of servers, builds and apps.
 */
export function shown(text: string): string {
  return text
    .split(ownColours)
    .map((piece, index) => (index % 2 === 0 ? hideSecrets(visible(piece)) : `\u001B[${piece}m`))
    .join('')
}
