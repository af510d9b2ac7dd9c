import type { Output, View } from './view.ts'

/** One event a line, as it is. */
export function createJsonView(stdout: Output): View {
  return {
    tell: (event) => void stdout.write(`${JSON.stringify(event)}\n`),
    end: () => {},
  }
}
