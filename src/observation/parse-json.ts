/** `undefined` where it is no JSON: what a server says is a stranger's. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
