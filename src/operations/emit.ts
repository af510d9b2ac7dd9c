import type { Emit } from '../events/event.ts'
import { hideSecrets } from '../speech/known-secrets.ts'
import { mapTexts } from '../speech/mask.ts'

export const ignoreEvents: Emit = () => {}

/** Tells without secrets: what servers and builds say may hold some, and whoever hears it may keep it. */
export const withoutSecrets =
  (emit: Emit): Emit =>
  (event) =>
    emit(mapTexts(event, hideSecrets))
