/** Reads JSON, comments in lines of their own allowed; nothing where it is broken or no object. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ''))
    return isObject(read) ? read : undefined
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
