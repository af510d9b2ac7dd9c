import type { Folder } from './folder.ts'

/** A sentence where no source so much as names the variable that says where to listen. */
export function portAdvice(folder: Folder, sources: RegExp, how: string): readonly string[] {
  const files = folder.find(sources)
  const isNamed = files.some((path) => /\bPORT\b/.test(folder.text(path)))
  return files.length === 0 || isNamed
    ? []
    : [`no source reads PORT: the app must listen on the port that ${how} names`]
}
