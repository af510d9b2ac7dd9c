import { hideSecrets } from '../speech/known-secrets.ts'
import { visible } from '../speech/visible.ts'
import { ownColours } from './tone.ts'

/**
 * A text as it may be written to a terminal or a file: with our own colours and no other control character, and without
 * secrets. Everything that a verb says passes here, since servers, builds and apps have put their words into it.
 */
export function shown(text: string): string {
  return text
    .split(ownColours)
    .map((piece, index) => (index % 2 === 0 ? hideSecrets(visible(piece)) : `\u001B[${piece}m`))
    .join('')
}
