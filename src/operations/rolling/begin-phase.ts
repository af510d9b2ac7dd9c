import type { Tell } from '../../events/event.ts'
import type { Server } from '../../stack/stack.ts'

/** Tells that one part of a server's step begins; the function that it returns tells what came of it, and how long it took. */
export function beginPhase({ name: server }: Pick<Server, 'name'>, doing: string, tell: Tell): (phase: string) => void {
  const began = performance.now()
  tell({ type: 'phase-started', server, doing })
  return (phase) => tell({ type: 'phase', server, phase, milliseconds: performance.now() - began })
}
