import type { Emit } from '../../events/event.ts'
import type { Server } from '../../stack/stack.ts'

/** Emits that one part of a server's step begins; the returned function emits its result and how long it took. */
export function beginPhase({ name: server }: Pick<Server, 'name'>, doing: string, emit: Emit): (phase: string) => void {
  const began = performance.now()
  emit({ type: 'phase-started', server, doing })
  return (phase) => emit({ type: 'phase', server, phase, milliseconds: performance.now() - began })
}
