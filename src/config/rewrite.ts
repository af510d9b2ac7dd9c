import { positionAt, type Span } from './find-position.ts'
import type { Position } from './mistake.ts'

/** The same config with something else in one place, or why only its author can write that. */
export type Rewritten<Obstacle extends string> =
  | { readonly text: string; readonly position: Position }
  | {
      readonly obstacle: Obstacle
      readonly position?: Position
      /** The line of it, as it stands there. */
      readonly line?: string
    }

export const replaceSpan = (text: string, { start, end }: Span, value: string): string =>
  text.slice(0, start) + value + text.slice(end)

export function obstacleAt<Obstacle extends string>(
  text: string,
  obstacle: Obstacle,
  position: Position | undefined,
): Rewritten<Obstacle> {
  if (position === undefined) return { obstacle }
  return { obstacle, position, line: text.split('\n')[position.line - 1]!.trim() }
}

export const startOf = (text: string, { start }: Span): Position => positionAt(text, start)
