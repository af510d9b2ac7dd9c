import { styleText } from 'node:util'

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

/** Colour on a terminal, unless NO_COLOR or TERM=dumb say otherwise; FORCE_COLOR wants it anywhere, or with 0 nowhere. */
export function createTone(stream: Stream, env: NodeJS.ProcessEnv = process.env): Tone {
  const paint = (style: keyof Tone): Paint =>
    wantsColour(stream, env) ? (text) => styleText(style, text, { validateStream: false }) : (text) => text
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
  }
}

function wantsColour(stream: Stream, env: NodeJS.ProcessEnv): boolean {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return !['0', 'false'].includes(forced)
  return stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
