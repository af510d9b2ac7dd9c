import type { Emit } from '../events/event.ts'
import { hideSecrets } from '../speech/known-secrets.ts'
import { mapTexts } from '../speech/mask.ts'

export const ignoreEvents: Emit = () => {}

/** Emits events with secrets masked: servers and builds may print some, and listeners may store them. */
export const withoutSecrets =
  (emit: Emit): Emit =>
  (event) =>
    emit(mapTexts(event, hideSecrets))
