import { createJsonView } from './json-view.ts'
import { createPlainView } from './plain-view.ts'
import { createTone } from './tone.ts'
import { createTtyView } from './tty-view.ts'
import type { Output, View } from './view.ts'

export interface ViewOptions {
  readonly json: boolean
  readonly stdout: Output
  readonly stderr: Output
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Chooses the view: JSON lines on standard output when asked for; else, on standard error, since it is not the answer,
 * a live display where a person watches, or plain lines where a file or CI does.
 */
export function createView({ json, stdout, stderr, env = process.env }: ViewOptions): View {
  if (json) return createJsonView(stdout)
  const tone = createTone({ isTTY: Boolean(stderr.isTTY) }, env)
  return isWatched(stderr, env) ? createTtyView(stderr, tone) : createPlainView(stderr, tone)
}

const isWatched = ({ isTTY }: Output, env: NodeJS.ProcessEnv): boolean =>
  Boolean(isTTY) && env['TERM'] !== 'dumb' && !env['CI']
