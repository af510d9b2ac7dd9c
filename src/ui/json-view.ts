import { jsonLine } from '../speech/visible.ts'
import type { Output, View } from './view.ts'

/** One event a line. */
export function createJsonView(stdout: Output): View {
  return {
    show: (event) => void stdout.write(`${jsonLine(event)}\n`),
    end: () => {},
  }
}
