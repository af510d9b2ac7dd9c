import { randomInt } from 'node:crypto'
import { inspect } from 'node:util'

type Paint = (text: string) => string

/** The colours that Trimaran uses; without colour each leaves its text as it is. */
export interface Tone {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

type Stream = Pick<NodeJS.WriteStream, 'isTTY'>

/**
 * Stands in each of our own colours as one more parameter until the text is shown: a stranger's text that asks for a colour,
 * or for more, does not know it, and so is told from ours wherever the two have been put together.
 */
const ownMark = String(randomInt(1e9, 1e12))
/** Our own colours in a text; what they say to a terminal is the first group. */
export const ownColours = new RegExp(`\\u001B\\[(\\d+);${ownMark}m`)

/** Colour on a terminal, unless NO_COLOR or TERM=dumb say otherwise; FORCE_COLOR wants it anywhere, or with 0 nowhere. */
export function createTone(stream: Stream, env: NodeJS.ProcessEnv = process.env): Tone {
  const paint = (style: keyof Tone): Paint => (wantsColour(stream, env) ? paintWith(style) : (text) => text)
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
  }
}

function paintWith(style: keyof Tone): Paint {
  const [on, off] = inspect.colors[style] as [number, number]
  return (text) => `\u001B[${on};${ownMark}m${text}\u001B[${off};${ownMark}m`
}

function wantsColour(stream: Stream, env: NodeJS.ProcessEnv): boolean {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return !['0', 'false'].includes(forced)
  return stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
